/** The server's side of an exchange, written on `node:crypto` without the library. */
import { concatBytes, equalBytes } from "../../../../src/bytes/index.js";
import { crcOf } from "../harness.js";
import { counterOf, ctr, hmac, isLegacy, keyOf, type Seal } from "../node-crypto.js";

const TRAILER = Uint8Array.of(0x3e, 0x3e);

/** A request as a C server reads it. */
export interface Opened {
  readonly server: number;
  readonly group: number;
  readonly command: number;
  readonly coinId: number;
  readonly type: number;
  /** 8 or 24 bytes. */
  readonly nonce: Uint8Array;
  /** Bytes that name the key: 17 to 21, or 19 to 23. */
  readonly keyName: Uint8Array;
  /** As the header announces it. */
  readonly bodyLength: number;
  /** The 16 bytes that the server repeats in its hash; empty for types 4 and 5. */
  readonly challenge: Uint8Array;
  /** The payload as the command reads it: under types 4 and 5 its last 16 bytes are the first of the HMAC. */
  readonly payload: Uint8Array;
  /** The payload without those 16 bytes. */
  readonly plain: Uint8Array;
}

/** Opens a whole request. @param how undefined for one in clear. @throws Error if a server would refuse it */
export function open(how: Seal | undefined, request: Uint8Array): Opened {
  const view = new DataView(request.buffer, request.byteOffset, request.byteLength);
  const legacy = how === undefined || isLegacy(how);
  const headerBytes = legacy ? 32 : 48;
  const bodyLength = view.getUint16(legacy ? 22 : 17);
  const body = request.subarray(headerBytes);
  check(request[0] === 1 && request[1] === 0 && request[3] === 0, "version, split id and shard");
  check(request[16] === (how?.type ?? 0), `encryption type ${request[16]}`);
  check(body.length === bodyLength, `${bodyLength} bytes announced, ${body.length} sent`);
  check(equalBytes(body.subarray(-2), TRAILER), "the trailer");
  const head = {
    server: request[2]!,
    group: request[4]!,
    command: request[5]!,
    coinId: view.getUint16(6),
    type: request[16]!,
    nonce: request.slice(24, headerBytes),
    keyName: legacy ? request.slice(17, 22) : request.slice(19, 24),
    bodyLength,
  };
  if (legacy) {
    const sealed = body.subarray(0, -2);
    const clear = how === undefined ? sealed : ctr(keyOf(how), counterOf(how, request), sealed, 128);
    const challenge = clear.slice(0, 16);
    check(equalBytes(challenge.subarray(12), crcOf(challenge.subarray(0, 12))), "the checksum of the challenge");
    return { ...head, challenge, payload: clear.slice(16), plain: clear.slice(16) };
  }
  const ciphertext = body.subarray(0, -34);
  check(equalBytes(body.subarray(-34, -2), hmac(keyOf(how), ciphertext)), "the HMAC");
  const plain = ctr(keyOf(how), counterOf(how, request), ciphertext, 128);
  const payload = concatBytes(plain, body.subarray(-34, -18));
  return { ...head, challenge: new Uint8Array(0), payload, plain };
}

/** What a server replies. */
export interface Reply {
  readonly status: number;
  /** Without trailer; empty for a reply without a body. */
  readonly payload?: Uint8Array;
  /** Default: the server of the request. */
  readonly server?: number;
  readonly replyCounter?: "restart" | "continue";
  /** True to overwrite five bytes of the nonce, as the C server does in its replies of type 5. */
  readonly losesNonce?: boolean;
}

/** Writes the reply to a request. */
export function answer(how: Seal | undefined, request: Uint8Array, reply: Reply): Uint8Array {
  const { status, payload = new Uint8Array(0), server = request[2]! } = reply;
  const opened = open(how, request);
  if (how === undefined || isLegacy(how)) {
    const header = new Uint8Array(32);
    header.set([server, 0, status, opened.group, 0, 1, opened.nonce[6]!, opened.nonce[7]!, 0]);
    const key = how === undefined ? new Uint8Array(16) : keyOf(how);
    header.set(
      opened.challenge.map((byte, i) => byte ^ key[i]!),
      16,
    );
    if (payload.length === 0) return header;
    new DataView(header.buffer).setUint32(8, payload.length + 2);
    const block = reply.replyCounter === "continue" ? Math.ceil((opened.bodyLength - 2) / 16) : 0;
    const sealed = how === undefined ? payload : ctr(key, counterOf(how, request), payload, 128, block);
    return concatBytes(header, sealed, TRAILER);
  }
  const header = new Uint8Array(48);
  header.set([server, 0, status, opened.group]);
  header[16] = how.type;
  header.set(opened.keyName, 17);
  header.set(
    Uint8Array.from({ length: 22 }, (_, i) => 0x41 + i),
    24,
  );
  header.set(opened.nonce.subarray(22), 46);
  if (payload.length === 0) return header;
  new DataView(header.buffer).setUint32(8, payload.length + 34);
  const ciphertext = ctr(keyOf(how), header.subarray(24, 40), payload, 128);
  if (reply.losesNonce === true) header.set(opened.nonce.subarray(0, 5), 24);
  return concatBytes(header, ciphertext, hmac(keyOf(how), ciphertext), TRAILER);
}

function check(isRight: boolean, what: string): void {
  if (!isRight) throw new Error(`the server refuses the request: ${what}`);
}
