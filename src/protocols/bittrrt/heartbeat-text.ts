import { utf8 } from "./token.js";

/** Echoes that a client of the document asks for. */
export const TEXT_ECHOES = 2n;

/** The names and values of a text heartbeat, in their order. */
export type TextHeartbeat = ReadonlyMap<string, string>;

/** What Python's `str.split` splits at: white space, and the four separators of ASCII. */
// oxlint-disable-next-line no-control-regex
const WHITE_SPACE = /[\p{White_Space}\x1c-\x1f]+/u;
/** What Python's `int` reads; white space cannot be in a token. */
const INTEGER = /^[+-]?\d+(?:_\d+)*$/;

/** The payload of a text heartbeat that begins. */
export function beginText(nowMs: bigint, echoes = TEXT_ECHOES): Uint8Array {
  return new TextEncoder().encode(`client_ts3=${nowMs} echo=${echoes}`);
}

/**
 * Tokens at white space, each split at its first `=`. Those without one go; of equal names the last wins, at the place
 * of the first. Undefined for what is no UTF-8.
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

/** The number that stands behind a name; undefined where none stands there. */
export function integerOf(values: TextHeartbeat, name: string): bigint | undefined {
  const text = values.get(name);
  if (text === undefined || !INTEGER.test(text)) return undefined;
  const digits = BigInt(text.replace(/[+_-]/g, ""));
  return text.startsWith("-") ? -digits : digits;
}

/** The payload of an answer: `server_ts<echo>` is set, `echo` is one less. Undefined where no echo is asked for. */
export function answerText(values: TextHeartbeat, nowMs: bigint): Uint8Array | undefined {
  const echo = integerOf(values, "echo");
  if (echo === undefined || echo <= 0n) return undefined;
  const answer = new Map(values).set(`server_ts${echo}`, `${nowMs}`).set("echo", `${echo - 1n}`);
  const text = Array.from(answer, ([name, value]) => `${name}=${value}`).join(" ");
  return new TextEncoder().encode(text);
}
