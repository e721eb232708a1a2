/** Encryption of requests and decryption of replies, built on `node:crypto` independently of the library. */
import { createCipheriv, createHash, createHmac } from "node:crypto";
import { concatBytes, equalBytes } from "../../../src/bytes/index.js";
import { bodyOf, CHALLENGE, crcOf, nameOf } from "./harness.js";

/** How a request is encrypted. */
export interface Seal {
  readonly type: 1 | 2 | 4 | 5;
  /** The AN of each coin, or the locker's key. */
  readonly secrets: readonly Uint8Array[];
  /** The coins of the header; none for type 2. */
  readonly coins: readonly { readonly denomination: number; readonly serial: number }[];
  /** 8 bytes for types 1 and 2, else 24; type 5 writes its second coin over the first 5. */
  readonly nonce?: Uint8Array;
  readonly counterBits?: 32 | 128;
}

/** A decrypted reply. */
export interface Unsealed {
  readonly status: number;
  readonly group: number;
  readonly headerBytes: 32 | 48;
  /** The body length that the header announces. */
  readonly bodyBytes: number;
  readonly echo: readonly number[];
  /** The payload without trailer and HMAC; empty without a body. */
  readonly payload: Uint8Array;
}

const TRAILER = Uint8Array.of(0x3e, 0x3e);

/** An encrypted request to server 3. */
export function seal(how: Seal, group: number, command: number, payload: Uint8Array): Uint8Array {
  const header = headerOf(how);
  header.set([1, 0, 3, 0, group, command, 0, 6]);
  const bits = how.counterBits ?? 128;
  if (isLegacy(how)) {
    const body = bodyOf(payload);
    new DataView(header.buffer).setUint16(22, body.length);
    return concatBytes(header, ctr(keyOf(how), counterOf(how, header), body.subarray(0, -2), bits), TRAILER);
  }
  new DataView(header.buffer).setUint16(17, payload.length + 34);
  const ciphertext = ctr(keyOf(how), counterOf(how, header), payload, bits);
  return concatBytes(header, ciphertext, hmac(keyOf(how), ciphertext), TRAILER);
}

/** Decrypts and verifies the reply to a request of `seal`. @throws if a proof is missing or wrong */
export function unseal(
  how: Seal,
  request: Uint8Array,
  reply: Uint8Array,
  replyCounter: "restart" | "continue" = "restart",
): Unsealed {
  const key = keyOf(how);
  const bits = how.counterBits ?? 128;
  const headerBytes = isLegacy(how) ? 32 : 48;
  const bodyBytes = (reply[9]! << 16) | (reply[10]! << 8) | reply[11]!;
  if (reply.length !== headerBytes + bodyBytes) throw new Error(`${reply.length} bytes, ${bodyBytes} announced`);
  const body = reply.subarray(headerBytes);
  if (bodyBytes > 0 && !equalBytes(body.subarray(-2), TRAILER)) throw new Error("no trailer");
  const head = { status: reply[2]!, group: reply[3]!, bodyBytes };
  if (isLegacy(how)) {
    const challenge = concatBytes(CHALLENGE, crcOf(CHALLENGE));
    const hash = challenge.map((byte, i) => byte ^ key[i]!);
    if (!equalBytes(reply.subarray(16, 32), hash)) throw new Error("the challenge is not proved");
    const block = replyCounter === "restart" ? 0 : Math.ceil((request.length - headerBytes - 2) / 16);
    const payload = ctr(key, counterOf(how, request), body.subarray(0, -2), bits, block);
    return { ...head, headerBytes, echo: [...reply.subarray(6, 8)], payload };
  }
  const ciphertext = body.subarray(0, -34);
  if (bodyBytes > 0 && !equalBytes(body.subarray(-34, -2), hmac(key, ciphertext))) throw new Error("the HMAC is wrong");
  const payload = ctr(key, reply.subarray(24, 40), ciphertext, bits);
  return { ...head, headerBytes, echo: [...reply.subarray(46, 48)], payload };
}

/** AES in counter mode. @param bits low bits of the counter block that are incremented */
export function ctr(key: Uint8Array, counter: Uint8Array, bytes: Uint8Array, bits: 32 | 128, from = 0): Uint8Array {
  const cipher = createCipheriv(key.length === 16 ? "aes-128-ecb" : "aes-256-ecb", key, null).setAutoPadding(false);
  const start = BigInt(`0x${Buffer.from(counter).toString("hex")}`);
  const width = BigInt(bits);
  const fixed = (start >> width) << width;
  const blocks = Array.from({ length: Math.ceil(bytes.length / 16) }, (_, i) => {
    const count = fixed | BigInt.asUintN(bits, start + BigInt(from + i));
    return cipher.update(Buffer.from(count.toString(16).padStart(32, "0"), "hex"));
  });
  return bytes.map((byte, i) => byte ^ blocks[i >> 4]![i & 15]!);
}

export function hmac(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHmac("sha256", key).update(bytes).digest());
}

/** The key that follows from the secrets of a seal. */
export function keyOf({ type, secrets }: Seal): Uint8Array {
  const joined = concatBytes(...secrets);
  return type <= 2 ? joined : new Uint8Array(createHash("sha256").update(joined).digest());
}

/** Types with headers of 32 bytes. */
export function isLegacy({ type }: Seal): boolean {
  return type <= 2;
}

/** Encryption type, coins and nonce in their places; all else is zero. */
function headerOf({ type, secrets, coins, nonce }: Seal): Uint8Array {
  const header = new Uint8Array(type <= 2 ? 32 : 48);
  header[16] = type;
  header.set(nonce ?? Uint8Array.from({ length: header.length - 24 }, (_, i) => 0x31 + i), 24);
  const [first, second] = coins.map(({ denomination, serial }) => nameOf(denomination, serial));
  if (type === 2) header.set(secrets[0]!.subarray(0, 5), 17);
  else header.set(first!, type === 1 ? 17 : 19);
  if (type === 5) header.set(second!, 24);
  return header;
}

/** The first counter block of a request. */
export function counterOf(how: Seal, header: Uint8Array): Uint8Array {
  if (!isLegacy(how)) return header.subarray(24, 40);
  return concatBytes(header.subarray(24, 32), new Uint8Array(8));
}
