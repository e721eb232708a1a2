/** AES-CTR as a module of assembly/ computes it. */
import type { CtrCipher, CtrEngine } from "./aes-ctr.js";
import { apartOrInPlace, plain } from "./checks.js";
import { putBytes, takeBytes } from "./few-bytes.js";
import { instantiate, type KernelInstance } from "./instance.js";
import { AES_WASM } from "./wasm/aes.js";

/** What the module exports; the addresses are those of regions. Each says there what it does. */
interface Functions {
  prepare(keyBytes: number, slices: boolean): void;
  crypt(from: number, length: number, keyBytes: number, counterBits: number, block: number): void;
  cryptOnce(from: number, length: number, keyBytes: number, counterBits: number, block: number): void;
  beginCounter(counterBits: number, block: number): void;
  cryptPart(from: number, length: number, keyBytes: number, counterBits: number): void;
  forget(length: number): void;
  clear(at: number, bytes: number): void;
  readonly FEW_BYTES: WebAssembly.Global;
  readonly ROUND_KEYS_LENGTH: WebAssembly.Global;
}

/** A text up to here is one call, a longer one parts of this size. */
const PART_BYTES = 64 * 1024;
/** What the module may write to behind a text: key stream. */
const SLACK_BYTES = 64;

export function wasmEngine(): CtrEngine | undefined {
  const instance = instantiate<Functions>(AES_WASM, { TEXT: PART_BYTES + SLACK_BYTES });
  if (instance === undefined) return undefined;
  const kernel = new AesKernel(instance);
  return {
    prepare: (key) => new WasmCipher(kernel, key),
    cryptOnce(key, counter, counterBits, block, data, out, at) {
      const { length } = data;
      if (length > PART_BYTES) {
        const cipher = new WasmCipher(kernel, key);
        cipher.crypt(counter, counterBits, block, data, out, at);
        cipher.wipe();
        return;
      }
      putBytes(key, kernel.key);
      putBytes(counter, kernel.counter);
      putBytes(data, kernel.text);
      kernel.functions.cryptOnce(kernel.textAt, length, key.length, counterBits, block);
      takeBytes(kernel.text, length, out, at);
      kernel.functions.clear(kernel.textAt, length + SLACK_BYTES);
    },
  };
}

/** The module and its regions. */
class AesKernel {
  readonly functions: Functions;
  readonly key: Uint8Array;
  readonly counter: Uint8Array;
  readonly text: Uint8Array;
  readonly textAt: number;
  readonly prepared: Uint8Array;
  /** How much of a key that was prepared a text of up to `fewBytes` needs. */
  readonly roundKeysLength: number;
  readonly fewBytes: number;

  constructor(instance: KernelInstance<Functions>) {
    this.functions = instance.functions;
    this.key = instance.region("KEY");
    this.counter = instance.region("COUNTER");
    this.text = instance.region("TEXT");
    this.textAt = instance.addressOf("TEXT");
    this.prepared = instance.region("PREPARED_KEY");
    this.roundKeysLength = instance.functions.ROUND_KEYS_LENGTH.value as number;
    this.fewBytes = instance.functions.FEW_BYTES.value as number;
  }
}

/** A key. Between calls it is here, and nothing of it in the module. */
class WasmCipher implements CtrCipher {
  readonly #kernel: AesKernel;
  readonly #keyBytes: number;
  readonly #prepared: Uint8Array;
  readonly #roundKeys: Uint8Array;

  constructor(kernel: AesKernel, key: Uint8Array) {
    this.#kernel = kernel;
    this.#keyBytes = key.length;
    putBytes(key, kernel.key);
    kernel.functions.prepare(key.length, true);
    this.#prepared = kernel.prepared.slice();
    this.#roundKeys = this.#prepared.subarray(0, kernel.roundKeysLength);
    kernel.prepared.fill(0);
  }

  crypt(counter: Uint8Array, counterBits: number, block: number, data: Uint8Array, out: Uint8Array, at: number): void {
    const { functions, text, textAt } = this.#kernel;
    const { length } = data;
    if (length > PART_BYTES) return this.#cryptInParts(counter, counterBits, block, data, out, at);
    this.#enter(counter, length);
    putBytes(data, text);
    functions.crypt(textAt, length, this.#keyBytes, counterBits, block);
    takeBytes(text, length, out, at);
    functions.clear(textAt, length + SLACK_BYTES);
  }

  wipe(): void {
    this.#prepared.fill(0);
  }

  #cryptInParts(
    counter: Uint8Array,
    counterBits: number,
    block: number,
    data: Uint8Array,
    out: Uint8Array,
    at: number,
  ): void {
    const { functions, text, textAt } = this.#kernel;
    const target = plain(out).subarray(at, at + data.length);
    const source = plain(apartOrInPlace(target, data));
    this.#enter(counter, source.length);
    functions.beginCounter(counterBits, block);
    for (let from = 0; from < source.length; from += PART_BYTES) {
      const part = source.subarray(from, from + PART_BYTES);
      text.set(part);
      functions.cryptPart(textAt, part.length, this.#keyBytes, counterBits);
      takeBytes(text, part.length, target, from);
    }
    functions.forget(source.length);
    functions.clear(textAt, text.length);
  }

  /** Puts the counter, and as much of the key as a text of `length` bytes needs, to where the module looks for them. */
  #enter(counter: Uint8Array, length: number): void {
    const { fewBytes, prepared } = this.#kernel;
    prepared.set(length > fewBytes ? this.#prepared : this.#roundKeys);
    putBytes(counter, this.#kernel.counter);
  }
}
