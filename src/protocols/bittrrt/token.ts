/** Fernet tokens: the envelope of handshake messages. */
import { equalBytes } from "../../bytes/index.js";
import {
  encodeToken,
  encodeTokenContent,
  tryDecodeToken,
  tryDecodeTokenContent,
} from "../../codec/gen/bittrrt/index.js";
import { WireError, type Result, type WireErrorCode, type WireIssue } from "../../errors.js";
import { aesCbcEncrypt, aesCbcTryDecrypt, hmacSha256 } from "../../kernel/index.js";
import { readBase64url, writeBase64url } from "./base64url.js";

/** The key of every handshake. It stands in the source of the reference, so it protects nothing. */
export const PUBLIC_TOKEN_KEY = "OdiXEOXdvwgWfIizYjdEguhN-IP7eyqp9oITq_0MiBs=";

/** Bytes of the IV: one block of AES. */
export const TOKEN_IV_BYTES = 16;
const KEY_BYTES = 32;
const HMAC_BYTES = 32;

/** The content of a token. */
export interface TokenFields {
  /** How often the sender encrypted before, modulo 2^64. */
  readonly counter: bigint;
  /** The time of its making, in seconds since 1970-01-01 UTC. */
  readonly unixSeconds: bigint;
  /** 16 random bytes. */
  readonly iv: Uint8Array;
  readonly text: string;
}

/** A Fernet key: one half signs, the other encrypts. */
export class TokenKey {
  readonly #signing: Uint8Array;
  readonly #encryption: Uint8Array;

  /** @param key base64url of 32 bytes. @throws WireError `argument` */
  constructor(key: string = PUBLIC_TOKEN_KEY) {
    const bytes = readBase64url(new TextEncoder().encode(key));
    if (bytes?.length !== KEY_BYTES) throw new WireError(issue("argument", "key", `base64url of ${KEY_BYTES} bytes`));
    this.#signing = bytes.subarray(0, KEY_BYTES / 2);
    this.#encryption = bytes.subarray(KEY_BYTES / 2);
  }

  /** Seals a token, in base64url. @throws WireError `length` for an IV of another length, `range` */
  seal({ counter, unixSeconds, iv, text }: TokenFields): Uint8Array {
    const content = encodeTokenContent({ counter, text: new TextEncoder().encode(text) });
    if (iv.length !== TOKEN_IV_BYTES) throw new WireError(issue("length", "iv", `${TOKEN_IV_BYTES} bytes`));
    const ciphertext = aesCbcEncrypt(this.#encryption, iv, content);
    const token = encodeToken({ unixSeconds, iv, ciphertext, hmac: new Uint8Array(HMAC_BYTES) });
    const signed = token.subarray(0, -HMAC_BYTES);
    token.set(hmacSha256(this.#signing, signed), signed.length);
    return writeBase64url(token);
  }

  /** Opens a datagram, however old its token is. Never throws on bytes of a peer. */
  tryOpen(datagram: Uint8Array): Result<TokenFields> {
    const bytes = readBase64url(datagram);
    if (bytes === undefined) return refused("text", "", "base64url with padding");
    const token = tryDecodeToken(bytes);
    if (!token.ok) return token;
    const { unixSeconds, iv, ciphertext, hmac } = token.value;
    if (!equalBytes(hmacSha256(this.#signing, bytes.subarray(0, -HMAC_BYTES)), hmac)) return refused("tag", "hmac");
    const plain = aesCbcTryDecrypt(this.#encryption, iv, ciphertext);
    if (plain === undefined) return refused("padding", "ciphertext", "whole blocks with PKCS 7 padding");
    const content = tryDecodeTokenContent(plain);
    if (!content.ok) return content;
    const text = utf8(content.value.text);
    if (text === undefined) return refused("text", "text", "UTF-8");
    return { ok: true, value: { counter: content.value.counter, unixSeconds, iv, text } };
  }
}

const UTF8 = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of bytes; undefined unless they are UTF-8. A byte order mark stays, as in Python. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}

function refused(code: WireErrorCode, path: string, expected?: string): Result<never> {
  return { ok: false, error: issue(code, path, expected) };
}

function issue(code: WireErrorCode, path: string, expected?: string): WireIssue {
  return { code, format: "bittrrt_token", path, expected };
}
