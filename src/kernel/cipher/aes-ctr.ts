/** AES-CTR. */
import { ctr } from "@noble/ciphers/aes.js";
import { type NewBytes, own, wipe } from "../../bytes/index.js";
import type { Crypt, CtrCipher, CtrEngine } from "./aes-ctr-engine.js";
import { wasmEngine } from "./aes-ctr-wasm.js";
import { inNodeParts, nodeCrypto } from "../engine/builtin.js";
import { apartOrInPlace, refuse, requireBytes, requireInteger, requireSpace } from "../engine/checks.js";
import { KeyHandle } from "../engine/key.js";
import { AES_CTR_ONCE_STEPS, AES_CTR_STEPS } from "../engine/crossovers.js";
import { onceEach, Primitive } from "../engine/engine-choice.js";

/** The options of {@link aesCtr}. */
export interface AesCtrOptions {
  /**
   * How many low bits of the counter block are incremented (SP 800-38A, appendix B.1): all 128, or the last 32, which
   * wrap without a carry. Default 128.
   */
  readonly counterBits?: 32 | 128;
  /** How many blocks of 16 bytes of the key stream to skip. Default 0. */
  readonly block?: number;
}

/**
 * AES-CTR (SP 800-38A §6.5): encrypts or decrypts `data` to as many bytes. The key has 16 or 32 bytes, the initial
 * counter block 16. Never use a pair of key and counter twice.
 * @throws WireError `argument`, `length`
 */
export function aesCtr(key: Uint8Array, counter: Uint8Array, data: Uint8Array, options?: AesCtrOptions): NewBytes {
  requireBytes(AES_CTR.name, "data", data);
  const out = new Uint8Array(data.length);
  aesCtrInto(key, counter, data, out, 0, options);
  return out;
}

/**
 * Writes {@link aesCtr} to `out` at `at`, possibly over `data`; returns the length of `data`.
 * @throws WireError `argument`, `length`, `space`
 */
export function aesCtrInto(
  key: Uint8Array,
  counter: Uint8Array,
  data: Uint8Array,
  out: Uint8Array,
  at = 0,
  options: AesCtrOptions = {},
): number {
  const { counterBits = 128, block = 0 } = options;
  requireKey(key);
  requireMessage(counter, counterBits, block, data, out, at);
  AES_CTR_ONCE.engineFor(data.length).cryptOnce(key, counter, counterBits, block, data, out, at);
  return data.length;
}

/** A key for many messages: `using key = new AesCtrKey(bytes)`. */
export class AesCtrKey extends KeyHandle<CtrCipher> {
  constructor(key: Uint8Array) {
    requireKey(key);
    super(AES_CTR, key);
  }

  /** As {@link aesCtr}. */
  crypt(counter: Uint8Array, data: Uint8Array, options?: AesCtrOptions): NewBytes {
    requireBytes(AES_CTR.name, "data", data);
    const out = new Uint8Array(data.length);
    this.cryptInto(counter, data, out, 0, options);
    return out;
  }

  /** As {@link aesCtrInto}. */
  cryptInto(counter: Uint8Array, data: Uint8Array, out: Uint8Array, at = 0, options: AesCtrOptions = {}): number {
    const { counterBits = 128, block = 0 } = options;
    requireMessage(counter, counterBits, block, data, out, at);
    this.preparedFor(data.length).crypt(counter, counterBits, block, data, out, at);
    return data.length;
  }
}

const BLOCK_BYTES = 16;

const ENGINES = /* @__PURE__ */ onceEach<CtrEngine>({ wasm: wasmEngine, node: nodeEngine, noble: nobleEngine });

/** The engines of AES-CTR for a key that is held. */
export const AES_CTR = /* @__PURE__ */ new Primitive("aes-ctr", AES_CTR_STEPS, ENGINES);

/** The same engines for a key of one message: node:crypto takes longer to begin then, so its crossover is higher. */
export const AES_CTR_ONCE = /* @__PURE__ */ new Primitive("aes-ctr-once", AES_CTR_ONCE_STEPS, ENGINES);

function requireKey(key: Uint8Array): void {
  requireBytes(AES_CTR.name, "key", key);
  const { length } = key;
  if (length !== 16 && length !== 32) refuse(AES_CTR.name, "length", "key", "16 or 32 bytes", length);
}

/** @throws WireError `argument`, `length`, `space` */
function requireMessage(
  counter: Uint8Array,
  counterBits: number,
  block: number,
  data: Uint8Array,
  out: Uint8Array,
  at: number,
): void {
  requireBytes(AES_CTR.name, "data", data);
  requireBytes(AES_CTR.name, "counter", counter);
  if (counter.length !== BLOCK_BYTES) refuse(AES_CTR.name, "length", "counter", "16 bytes", counter.length);
  requireInteger(AES_CTR.name, "block", block, Number.MAX_SAFE_INTEGER);
  if (counterBits !== 32 && counterBits !== 128) {
    refuse(AES_CTR.name, "argument", "counterBits", "32 or 128", counterBits);
  }
  requireSpace(AES_CTR.name, out, at, data.length);
}

/**
 * Writes `data` XOR the key stream from `counter` on, a counter of 128 bits, to `out`, which has the same length and
 * either equals `data` or shares no memory with it. `counter` stays unchanged.
 */
type PlainCtr = (counter: Uint8Array, data: Uint8Array, out: Uint8Array) => void;

/** An engine with counters of 32 and 128 bits, from a library that has only the latter. */
function engineOf(keyed: (key: Uint8Array) => PlainCtr): CtrEngine {
  const cipherOf = (key: Uint8Array): Crypt => {
    const ctrOf = keyed(key);
    return (counter, counterBits, block, data, out, at) => {
      const target = out.subarray(at, at + data.length);
      const source = apartOrInPlace(target, data);
      const first = own(counter);
      addToCounter(first, block, counterBits / 8);
      const untilWrap = counterBits === 32 ? bytesUntilWrap(first) : Infinity;
      if (data.length <= untilWrap) {
        ctrOf(first, source, target);
        return;
      }
      ctrOf(first, source.subarray(0, untilWrap), target.subarray(0, untilWrap));
      first.fill(0, BLOCK_BYTES - 4);
      ctrOf(first, source.subarray(untilWrap), target.subarray(untilWrap));
    };
  };
  return {
    prepare: (key) => ({ crypt: cipherOf(key), wipe() {} }),
    cryptOnce: (key, ...message) => cipherOf(key)(...message),
  };
}

/** Adds `blocks` to the big-endian number in the last `width` bytes, modulo its range. */
function addToCounter(counter: Uint8Array, blocks: number, width: number): void {
  let carry = blocks;
  for (let i = BLOCK_BYTES - 1; carry > 0 && i >= BLOCK_BYTES - width; i--) {
    const sum = counter[i]! + (carry % 256);
    counter[i] = sum;
    carry = Math.floor(carry / 256) + (sum >> 8);
  }
}

/** Length of the key stream until the last 32 bits of the counter wrap to zero: 16 bytes to 64 GiB. */
function bytesUntilWrap(counter: Uint8Array): number {
  const low = new DataView(counter.buffer, counter.byteOffset).getUint32(BLOCK_BYTES - 4);
  return (2 ** 32 - low) * BLOCK_BYTES;
}

function nobleEngine(): CtrEngine {
  return engineOf((key) => (counter, data, out) => {
    // noble writes only to aligned memory.
    if (out.byteOffset % 4 === 0) {
      ctr(key, counter).encrypt(data, out);
    } else {
      const result = ctr(key, counter).encrypt(data);
      out.set(result);
      wipe(result);
    }
  });
}

function nodeEngine(): CtrEngine | undefined {
  const crypto = nodeCrypto();
  if (crypto === undefined) return undefined;
  return engineOf((key) => {
    // A KeyObject is as fast as raw bytes, and ten times as fast on Node.js 24.
    const keyObject = crypto.createSecretKey(key);
    const name = `aes-${key.length * 8}-ctr`;
    return (counter, data, out) => {
      const cipher = crypto.createCipheriv(name, keyObject, counter);
      let end = 0;
      inNodeParts(data, (part) => {
        const { length } = part;
        out.set(cipher.update(part), end);
        end += length;
      });
    };
  });
}
