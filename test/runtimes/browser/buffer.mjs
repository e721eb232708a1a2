/** What conformance needs of Buffer. */

export class Buffer extends Uint8Array {
  static from(source, encoding) {
    if (encoding !== "hex") return new Buffer(source);
    return new Buffer((source.match(/../g) ?? []).map((digits) => Number.parseInt(digits, 16)));
  }

  readInt8(at) {
    return (this[at] << 24) >> 24;
  }

  readUInt32BE(at) {
    return new DataView(this.buffer, this.byteOffset).getUint32(at);
  }
}
