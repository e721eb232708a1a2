/** Poly1305 with a key of its own for each message, padded as authenticated ciphers pad it. */
import { poly1305 as noblePoly1305 } from "@noble/ciphers/_poly1305.js";
import type { NewBytes } from "../../bytes/index.js";
import { requireBytes, requireLength } from "../engine/checks.js";
import { POLY1305_STEPS } from "../engine/crossovers.js";
import { Primitive } from "../engine/engine-choice.js";
import { instantiate } from "../engine/instance.js";
import { CHACHA20_POLY1305_WASM } from "../wasm/chacha20-poly1305.js";

const KEY_BYTES = 32;
const TAG_BYTES = 16;
const BLOCK_BYTES = 16;
const PART_BYTES = 64 * 1024;
const NOTHING = /* @__PURE__ */ new Uint8Array(0);

/**
 * The tag of 16 bytes of `text` and additional data under the one-time key r | s of 32 bytes: Poly1305 (RFC 8439 §2.5)
 * over both, each filled up with zeros to a multiple of 16, and their lengths (§2.8). A key that makes a second tag
 * gives both away; keys that share r and have an s of their own each are one-time keys, too.
 * @throws WireError `argument`, `length`
 */
export function poly1305(oneTimeKey: Uint8Array, text: Uint8Array, aad: Uint8Array = NOTHING): NewBytes {
  requireLength("poly1305", "oneTimeKey", oneTimeKey, KEY_BYTES);
  requireBytes("poly1305", "text", text);
  requireBytes("poly1305", "aad", aad);
  return POLY1305.engineFor(text.length + aad.length)(oneTimeKey, text, aad);
}

/** An engine of {@link poly1305}; its arguments are checked. */
type Engine = (oneTimeKey: Uint8Array, text: Uint8Array, aad: Uint8Array) => NewBytes;

/** The engines of Poly1305. */
export const POLY1305 = /* @__PURE__ */ new Primitive<Engine>("poly1305", POLY1305_STEPS, {
  wasm: wasmEngine,
  noble: () => nobleEngine,
});

/** The exports of the module, documented in assembly/. */
interface Functions {
  authenticate(from: number, length: number): void;
  beginTag(): void;
  clear(at: number, length: number): void;
  forget(): void;
  tagInto(aadLength: number, length: number, to: number): void;
}

/** Poly1305 of the module that has ChaCha20 as well: it takes its key from where the keystream would lie. */
function wasmEngine(): Engine | undefined {
  const instance = instantiate<Functions>(CHACHA20_POLY1305_WASM, { TEXT: PART_BYTES + BLOCK_BYTES });
  if (instance === undefined) return undefined;
  const { authenticate, beginTag, clear, forget, tagInto } = instance.functions;
  const [keystream, text, textAt] = [instance.region("KEYSTREAM"), instance.region("TEXT"), instance.addressOf("TEXT")];
  const absorb = (bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.length; at += PART_BYTES) {
      const length = Math.min(PART_BYTES, bytes.length - at);
      text.set(length === bytes.length ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset + at, length));
      authenticate(textAt, length);
    }
  };
  return (oneTimeKey, message, aad) => {
    keystream.set(oneTimeKey);
    beginTag();
    absorb(aad);
    absorb(message);
    tagInto(aad.length, message.length, textAt);
    const tag = text.slice(0, TAG_BYTES);
    forget();
    clear(textAt, Math.min(PART_BYTES, Math.max(aad.length, message.length)) + BLOCK_BYTES);
    return tag;
  };
}

function nobleEngine(oneTimeKey: Uint8Array, text: Uint8Array, aad: Uint8Array): NewBytes {
  const mac = noblePoly1305.create(oneTimeKey);
  for (const bytes of [aad, text]) mac.update(bytes).update(new Uint8Array(-bytes.length & (BLOCK_BYTES - 1)));
  const lengths = new DataView(new ArrayBuffer(16));
  lengths.setBigUint64(0, BigInt(aad.length), true);
  lengths.setBigUint64(8, BigInt(text.length), true);
  return mac.update(new Uint8Array(lengths.buffer)).digest() as NewBytes;
}
