/** The payload of a text heartbeat, as the document describes it. */
import type { NewBytes } from "../../bytes/index.js";
import { utf8 } from "./token.js";

/** The echoes that a client asks for, by the document. */
export const TEXT_ECHOES = 2n;

/** The names and values of a text heartbeat, in order. */
export type TextHeartbeat = ReadonlyMap<string, string>;

/** The separators of Python's `str.split`: white space, and four control characters of ASCII. */
// oxlint-disable-next-line no-control-regex
const WHITE_SPACE = /[\p{White_Space}\x1c-\x1f]+/u;
/** The texts that Python's `int` accepts, without white space, which a token cannot hold. */
const INTEGER = /^[+-]?\d+(?:_\d+)*$/;

/** The payload of the first frame of a heartbeat. */
export function beginText(nowMs: bigint, echoes = TEXT_ECHOES): NewBytes {
  return new TextEncoder().encode(`client_ts3=${nowMs} echo=${echoes}`);
}

/**
 * Splits a payload at white space, and each token at its first `=`. A token without one is dropped. Of equal names the
 * last value wins, at the position of the first. Undefined for a payload that is not UTF-8.
 */
export function readText(payload: Uint8Array): TextHeartbeat | undefined {
  const tokens = utf8(payload)?.split(WHITE_SPACE);
  if (tokens === undefined) return undefined;
  const values = new Map<string, string>();
  for (const token of tokens) {
    const at = token.indexOf("=");
    if (at >= 0) values.set(token.slice(0, at), token.slice(at + 1));
  }
  return values;
}

/** The integer that a name has; undefined for any other value. */
export function integerOf(values: TextHeartbeat, name: string): bigint | undefined {
  const text = values.get(name);
  if (text === undefined || !INTEGER.test(text)) return undefined;
  const digits = BigInt(text.replace(/[+_-]/g, ""));
  return text.startsWith("-") ? -digits : digits;
}

/** The payload of an answer: `server_ts<echo>` is set, `echo` is one less. Undefined where `echo` is not above 0. */
export function answerText(values: TextHeartbeat, nowMs: bigint): NewBytes | undefined {
  const echo = integerOf(values, "echo");
  if (echo === undefined || echo <= 0n) return undefined;
  const answer = new Map(values).set(`server_ts${echo}`, `${nowMs}`).set("echo", `${echo - 1n}`);
  const text = Array.from(answer, ([name, value]) => `${name}=${value}`).join(" ");
  return new TextEncoder().encode(text);
}
