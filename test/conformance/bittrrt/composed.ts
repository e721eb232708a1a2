/** Datagrams of BittrRt composed with node:crypto, independently of the code that reads them. */
import { createCipheriv, createHmac } from "node:crypto";

/** The fields of a header; missing ones are 0. */
export interface Header {
  readonly flags?: number;
  readonly channel?: number;
  readonly sequence?: bigint;
  readonly offset?: bigint;
}

let drawn = 0;
/** `n` bytes that no other call returns. */
export function fresh(n: number): Buffer {
  const bytes = Buffer.alloc(n, 0x5a);
  bytes.writeUInt32BE(++drawn, n - 4);
  return bytes;
}

/** A datagram: a nonce, and `inside` sealed. */
export function sealed(key: Buffer, nonce: Buffer, inside: Buffer): Buffer {
  const cipher = createCipheriv("chacha20-poly1305", key, nonce, { authTagLength: 16 });
  return Buffer.concat([nonce, cipher.update(inside), cipher.final(), cipher.getAuthTag()]);
}

/** The 20-byte header of versions 0.7 and 0.8. */
export function header({ flags = 0, channel = 0, sequence = 0n, offset = 0n }: Header): Buffer {
  const bytes = Buffer.alloc(20);
  bytes.writeUInt32BE(channel, 0);
  bytes[0] = flags;
  bytes.writeBigUInt64BE(sequence, 4);
  bytes.writeBigUInt64BE(offset, 12);
  return bytes;
}

/** The datagram of a frame. */
export function frame(key: Buffer, fields: Header, payload: Buffer, nonce = fresh(12)): Buffer {
  return sealed(key, nonce, Buffer.concat([header(fields), payload]));
}

/** Milliseconds as consecutive u64. */
export function stamps(...ms: readonly number[]): Buffer {
  const bytes = Buffer.alloc(8 * ms.length);
  ms.forEach((stamp, i) => bytes.writeBigUInt64BE(BigInt(stamp), 8 * i));
  return bytes;
}

/** A Fernet token of a counter, masked to 64 bits, and a text. */
export function token(key: string, counter: bigint, unixSeconds: bigint, iv: Buffer, text: string): Buffer {
  const halves = Buffer.from(key, "base64url");
  const content = Buffer.alloc(8);
  content.writeBigUInt64BE(BigInt.asUintN(64, counter));
  const cipher = createCipheriv("aes-128-cbc", halves.subarray(16), iv);
  const head = Buffer.alloc(9, 0x80);
  head.writeBigUInt64BE(unixSeconds, 1);
  const signed = Buffer.concat([head, iv, cipher.update(content), cipher.update(text), cipher.final()]);
  const bytes = Buffer.concat([signed, createHmac("sha256", halves.subarray(0, 16)).update(signed).digest()]);
  return Buffer.from(bytes.toString("base64").replaceAll("+", "-").replaceAll("/", "_"));
}
