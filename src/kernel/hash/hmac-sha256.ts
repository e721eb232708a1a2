/** HMAC-SHA256. */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { equalBytes, type NewBytes, wipe } from "../../bytes/index.js";
import { inNodeParts, nodeCrypto } from "../engine/builtin.js";
import { plain, requireBytes, requireSpace } from "../engine/checks.js";
import { type KeyedEngine, KeyHandle, type PreparedKey, withKey } from "../engine/key.js";
import { HMAC_SHA256_STEPS } from "../engine/crossovers.js";
import { Primitive } from "../engine/engine-choice.js";
import { sha256Into, sha256Kernel } from "./sha256.js";

const TAG_BYTES = 32;
const BLOCK_BYTES = 64;

/** HMAC-SHA256 (RFC 2104, FIPS 198-1) of `message`, 32 bytes. The key may have any length. */
export function hmacSha256(key: Uint8Array, message: Uint8Array): NewBytes {
  const tag = new Uint8Array(TAG_BYTES);
  hmacSha256Into(key, message, tag);
  return tag;
}

/** Writes {@link hmacSha256} to `out` at `at`; returns 32, its length. @throws WireError `argument`, `space` */
export function hmacSha256Into(key: Uint8Array, message: Uint8Array, out: Uint8Array, at = 0): number {
  requireBytes("hmac-sha256", "key", key);
  requireBytes("hmac-sha256", "message", message);
  requireSpace("hmac-sha256", out, at, TAG_BYTES);
  withKey(HMAC_SHA256, key, message.length, (mac) => mac.tagInto(message, out, at));
  return TAG_BYTES;
}

/** A key for many messages: `using key = new HmacSha256Key(bytes)`. */
export class HmacSha256Key extends KeyHandle<Mac> {
  constructor(key: Uint8Array) {
    super(HMAC_SHA256, key);
  }

  /** As {@link hmacSha256}. */
  sign(message: Uint8Array): NewBytes {
    const tag = new Uint8Array(TAG_BYTES);
    this.signInto(message, tag);
    return tag;
  }

  /** As {@link hmacSha256Into}. */
  signInto(message: Uint8Array, out: Uint8Array, at = 0): number {
    requireBytes("hmac-sha256", "message", message);
    requireSpace("hmac-sha256", out, at, TAG_BYTES);
    this.preparedFor(message.length).tagInto(message, out, at);
    return TAG_BYTES;
  }

  /** Whether `tag` is the whole tag of `message`, compared in constant time. */
  verify(message: Uint8Array, tag: Uint8Array): boolean {
    requireBytes("hmac-sha256", "tag", tag);
    return equalBytes(this.sign(message), tag);
  }
}

/** A prepared key of HMAC-SHA256. */
interface Mac extends PreparedKey {
  /** Writes the 32 bytes of the tag to `out` at `at`. */
  tagInto(message: Uint8Array, out: Uint8Array, at: number): void;
}

/** The engines of HMAC-SHA256. */
export const HMAC_SHA256 = /* @__PURE__ */ new Primitive<KeyedEngine<Mac>>("hmac-sha256", HMAC_SHA256_STEPS, {
  wasm: wasmEngine,
  node: nodeEngine,
  noble: nobleEngine,
});

/** The prepared key is a copy of the module's KEY: the inner and outer states after the padded key. */
function wasmEngine(): KeyedEngine<Mac> | undefined {
  const kernel = sha256Kernel();
  if (kernel === undefined) return undefined;
  const { functions, input, inputAt, instance, outputAt } = kernel;
  const keyBytes = instance.region("KEY");
  const keyWords = new Uint32Array(keyBytes.buffer, keyBytes.byteOffset, keyBytes.length / 4);
  return {
    prepare(key) {
      const block = new Uint8Array(BLOCK_BYTES);
      if (key.length > BLOCK_BYTES) sha256Into(key, block);
      else block.set(key);
      input.set(block);
      functions.hmacKey(inputAt);
      const states = keyWords.slice();
      keyWords.fill(0);
      kernel.clearInput(BLOCK_BYTES);
      wipe(block);
      return {
        tagInto(message, out, at) {
          for (let i = 0; i < states.length; i++) keyWords[i] = states[i]!;
          if (message.length <= input.length) {
            input.set(message);
            functions.hmac(inputAt, message.length, outputAt);
          } else {
            functions.hmacBegin();
            const rest = kernel.feed(plain(message), (blocks) => functions.absorb(inputAt, blocks));
            functions.hmacEnd(inputAt, rest, message.length, outputAt);
            kernel.clearInput(message.length);
          }
          kernel.take(out, at);
        },
        wipe: () => void states.fill(0),
      };
    },
  };
}

/** The prepared key is the state after the padded key; each message copies it. */
function nobleEngine(): KeyedEngine<Mac> {
  return {
    prepare(key) {
      const keyed = hmac.create(nobleSha256, key);
      return {
        tagInto(message, out, at) {
          keyed
            .clone()
            .update(message)
            .digestInto(at === 0 ? out : out.subarray(at));
        },
        wipe: () => keyed.destroy(),
      };
    },
  };
}

function nodeEngine(): KeyedEngine<Mac> | undefined {
  const crypto = nodeCrypto();
  if (crypto === undefined) return undefined;
  return {
    prepare(key) {
      // A KeyObject is as fast as raw bytes, and ten times as fast on Node.js 24.
      const keyObject = crypto.createSecretKey(key);
      return {
        tagInto(message, out, at) {
          const mac = crypto.createHmac("sha256", keyObject);
          inNodeParts(message, (part) => void mac.update(part));
          out.set(mac.digest(), at);
        },
        wipe() {},
      };
    },
  };
}
