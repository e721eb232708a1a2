/** What the bare echo and the gRPC method are made of, for their clients and servers. */

const HEADER_BYTES = { uint16be: 2, uint32be: 4 };

/** A frame of these parts. */
export function frameOf(framing, ...parts) {
  const headerBytes = HEADER_BYTES[framing];
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const frame = Buffer.allocUnsafe(headerBytes + length);
  frame.writeUIntBE(length, 0, headerBytes);
  let at = headerBytes;
  for (const part of parts) {
    frame.set(part, at);
    at += part.length;
  }
  return frame;
}

/** Cuts a stream into the messages of its frames. */
export class FrameCutter {
  #headerBytes;
  #handle;
  #held = [];
  #heldBytes = 0;
  /** Bytes of the frame that is held; 0 while its header is not whole. */
  #frameBytes = 0;

  constructor(framing, handle) {
    this.#headerBytes = HEADER_BYTES[framing];
    this.#handle = handle;
  }

  push(chunk) {
    this.#held.push(chunk);
    this.#heldBytes += chunk.length;
    if (this.#heldBytes < (this.#frameBytes || this.#headerBytes)) return;
    const bytes = this.#held.length === 1 ? chunk : Buffer.concat(this.#held);
    let at = 0;
    this.#frameBytes = 0;
    while (bytes.length - at >= this.#headerBytes) {
      const end = at + this.#headerBytes + bytes.readUIntBE(at, this.#headerBytes);
      if (end > bytes.length) {
        this.#frameBytes = end - at;
        break;
      }
      this.#handle(bytes.subarray(at + this.#headerBytes, end));
      at = end;
    }
    this.#held = at === bytes.length ? [] : [bytes.subarray(at)];
    this.#heldBytes = bytes.length - at;
  }
}

/** A unary method of bytes: gRPC without a layout of its own. */
export const ECHO_METHOD = {
  path: "/Echo/echo",
  requestStream: false,
  responseStream: false,
  requestSerialize: (bytes) => bytes,
  requestDeserialize: (bytes) => bytes,
  responseSerialize: (bytes) => bytes,
  responseDeserialize: (bytes) => bytes,
};
