/** Rivals for frames: each seals `{nonce, flags, channel, sequence, offset, plaintext}` to a datagram, and opens it. */
import { createCipheriv, createDecipheriv, createSecretKey } from "node:crypto";
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import {
  frameFrom,
  frameOf,
  HEADER_BYTES,
  insideOf,
  NONCE_BYTES,
  OVERHEAD_BYTES,
  PLAINTEXT_BYTES_MAX,
  requireDatagram,
  requireFrame,
  TAG_BYTES,
  writeHeader,
} from "./layout.mjs";

const NAME = "chacha20-poly1305";
const OPTIONS = { authTagLength: TAG_BYTES };

/** node:crypto with Buffers, as its documentation shows. */
export function nodeBuffers(bytes) {
  const key = createSecretKey(bytes);
  return {
    seal(frame) {
      requireFrame(frame);
      const header = Buffer.alloc(HEADER_BYTES);
      header.writeUInt8(frame.flags, 0);
      header.writeUIntBE(frame.channel, 1, 3);
      header.writeBigUInt64BE(frame.sequence, 4);
      header.writeBigUInt64BE(frame.offset, 12);
      const cipher = createCipheriv(NAME, key, frame.nonce, OPTIONS);
      const parts = [frame.nonce, cipher.update(header), cipher.update(frame.plaintext), cipher.final()];
      return Buffer.concat([...parts, cipher.getAuthTag()]);
    },
    open(datagram) {
      requireDatagram(datagram);
      const decipher = createDecipheriv(NAME, key, datagram.subarray(0, NONCE_BYTES), OPTIONS);
      decipher.setAuthTag(datagram.subarray(-TAG_BYTES));
      const inside = Buffer.concat([decipher.update(datagram.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
      return {
        flags: inside.readUInt8(0),
        channel: inside.readUIntBE(1, 3),
        sequence: inside.readBigUInt64BE(4),
        offset: inside.readBigUInt64BE(12),
        plaintext: inside.subarray(HEADER_BYTES),
      };
    },
  };
}

/**
 * node:crypto, the fastest cipher without dependencies, by hand: it keeps the key, and the memory and the view in which
 * header and plaintext are joined. One update and one allocation per frame.
 */
export function handWritten(bytes) {
  const key = createSecretKey(bytes);
  const inside = new Uint8Array(HEADER_BYTES + PLAINTEXT_BYTES_MAX);
  const header = new Uint8Array(inside.buffer, 0, HEADER_BYTES);
  const view = new DataView(inside.buffer);
  return {
    seal(frame) {
      requireFrame(frame);
      const { nonce, plaintext } = frame;
      writeHeader(view, frame);
      inside.set(plaintext, HEADER_BYTES);
      const cipher = createCipheriv(NAME, key, nonce, OPTIONS);
      const ciphertext = cipher.update(inside.subarray(0, HEADER_BYTES + plaintext.length));
      cipher.final();
      const datagram = Buffer.allocUnsafe(OVERHEAD_BYTES + plaintext.length);
      datagram.set(nonce);
      datagram.set(ciphertext, NONCE_BYTES);
      datagram.set(cipher.getAuthTag(), NONCE_BYTES + ciphertext.length);
      return datagram;
    },
    open(datagram) {
      requireDatagram(datagram);
      const tagAt = datagram.length - TAG_BYTES;
      const decipher = createDecipheriv(NAME, key, datagram.subarray(0, NONCE_BYTES), OPTIONS);
      decipher.setAuthTag(datagram.subarray(tagAt));
      const opened = decipher.update(datagram.subarray(NONCE_BYTES, tagAt));
      decipher.final();
      for (let i = 0; i < HEADER_BYTES; i++) header[i] = opened[i];
      return frameFrom(view, opened.subarray(HEADER_BYTES));
    },
  };
}

/** noble, which writes the ciphertext into the datagram. */
export function noble(bytes) {
  const sealInside = (nonce, inside) => {
    const datagram = new Uint8Array(NONCE_BYTES + inside.length + TAG_BYTES);
    datagram.set(nonce);
    chacha20poly1305(bytes, nonce).encrypt(inside, datagram.subarray(NONCE_BYTES));
    return datagram;
  };
  return {
    sealInside,
    seal(frame) {
      requireFrame(frame);
      return sealInside(frame.nonce, insideOf(frame));
    },
    open(datagram) {
      requireDatagram(datagram);
      const nonce = datagram.subarray(0, NONCE_BYTES);
      return frameOf(chacha20poly1305(bytes, nonce).decrypt(datagram.subarray(NONCE_BYTES)));
    },
  };
}

/** Another module in AssemblyScript. */
export function assemblyScript({ ChaCha20Poly1305, newInstance }, bytes) {
  const cipher = new ChaCha20Poly1305(newInstance());
  return {
    seal(frame) {
      requireFrame(frame);
      const datagram = new Uint8Array(OVERHEAD_BYTES + frame.plaintext.length);
      datagram.set(frame.nonce);
      datagram.set(cipher.seal(bytes, frame.nonce, insideOf(frame)), NONCE_BYTES);
      return datagram;
    },
    open(datagram) {
      requireDatagram(datagram);
      const inside = cipher.open(bytes, datagram.subarray(0, NONCE_BYTES), datagram.subarray(NONCE_BYTES));
      if (inside === null) throw new Error("not authentic");
      return frameOf(inside);
    },
  };
}
