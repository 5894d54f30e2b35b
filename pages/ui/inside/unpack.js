/* Weights and pixels as the training process packs them: see core/training/inspect/packing.py. */

const SIGNS = [0, 1, -1];

/** All numbers in row-major order; of a large layer only the signs, as plus or minus its largest weight. */
export function unpacked({ encoding, data, scale, shape }) {
  const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  const n = shape.reduce((product, side) => product * side, 1);
  if (encoding === "uint8") return Float32Array.from(bytes, (value) => value * scale);
  if (encoding === "int8") return Float32Array.from(new Int8Array(bytes.buffer), (value) => value * scale);
  return Float32Array.from({ length: n }, (_, i) => SIGNS[(bytes[i >> 2] >> (6 - 2 * (i & 3))) & 3] * scale);
}

/** The numbers cut into parts of equal length. */
export function parts(values, length) {
  return Array.from({ length: values.length / length }, (_, i) => values.subarray(i * length, (i + 1) * length));
}
