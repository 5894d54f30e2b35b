/* Messages unpacked: each is raw deflate, told by what differs from the one before on its connection. */

/** How far back deflate can look, in bytes. */
const WINDOW = 32768;

export class Inflater {
  /** The end of the message before. @type {Uint8Array<ArrayBuffer>} */
  before = new Uint8Array();

  /**
   * A message as text; to be asked for one after the other.
   * @param {ArrayBuffer} packed
   */
  async text(packed) {
    const { before } = this;
    const parts = before.length ? [stored(before), before, packed] : [packed];
    const unpacked = new Blob(parts).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    const message = new Uint8Array(await new Response(unpacked).arrayBuffer()).subarray(before.length);
    this.before = message.slice(-WINDOW);
    return new TextDecoder().decode(message);
  }
}

/**
 * The head of a block that stands as it is: so the unpacker comes to know what was before.
 * @param {Uint8Array} block
 */
function stored({ length }) {
  const low = length & 0xff;
  const high = length >> 8;
  return Uint8Array.of(0, low, high, low ^ 0xff, high ^ 0xff);
}
