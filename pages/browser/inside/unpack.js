/* Weights and pixels as the training process packs them: see core/inspect/packing.py. */

/** @import { Packed } from "./types.d.ts" */

const SIGNS = [0, 1, -1];

/**
 * All numbers in row-major order; of a large layer only the signs, as plus or minus its largest weight.
 * @param {Packed} packed
 * @returns {Float32Array}
 */
export function unpacked({ encoding, data, scale, shape }) {
  const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  const n = shape.reduce((product, side) => product * side, 1);
  if (encoding === "uint8") return Float32Array.from(bytes, (value) => value * scale);
  if (encoding === "int8") return Float32Array.from(new Int8Array(bytes.buffer), (value) => value * scale);
  return Float32Array.from({ length: n }, (_, i) => SIGNS[pairAt(bytes, i)] * scale);
}

/**
 * What made each zero, 0 where it was selected or the weight is none: see `kinds` of core/inspect/packing.py.
 * @param {string} data
 * @param {number} n
 * @returns {Uint8Array}
 */
export function unpackedKinds(data, n) {
  const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  return Uint8Array.from({ length: n }, (_, i) => pairAt(bytes, i));
}

/** @param {Uint8Array} bytes @param {number} i */
function pairAt(bytes, i) {
  return (bytes[i >> 2] >> (6 - 2 * (i & 3))) & 3;
}

/**
 * The numbers cut into parts of equal length.
 * @param {Float32Array} values
 * @param {number} length
 * @returns {Float32Array[]}
 */
export function parts(values, length) {
  return Array.from(
    { length: values.length / length },
    (_, i) => values.subarray(i * length, (i + 1) * length),
  );
}
