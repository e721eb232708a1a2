/** The WASM engine of AES-CTR. */
import { PART_BYTES } from "./aead-chunked.js";
import type { Crypt, CtrCipher, CtrEngine } from "./aes-ctr-engine.js";
import { type AesFunctions, SLACK_BYTES, TEXT_BYTES } from "./aes-wasm.js";
import { apartOrInPlace, plain } from "../engine/checks.js";
import { putBytes, takerOf } from "../engine/small-copy.js";
import { instantiate, type KernelInstance } from "../engine/instance.js";
import { AES_WASM } from "../wasm/aes.js";

/** The exports of the module, documented in assembly/. */
interface CtrFunctions extends AesFunctions {
  prepare(keyBytes: number, slices: boolean): void;
  crypt(from: number, length: number, keyBytes: number, counterBits: number, block: number): void;
  cryptOnce(from: number, length: number, keyBytes: number, counterBits: number, block: number): void;
  beginCounter(counterBits: number, block: number): void;
  forget(length: number): void;
}

/** The engine; undefined if this machine cannot run the module. */
export function wasmEngine(): CtrEngine | undefined {
  const instance = instantiate<CtrFunctions>(AES_WASM, { TEXT: TEXT_BYTES });
  return instance === undefined ? undefined : engineOf(instance);
}

/** Functions share constants here: with fields of objects instead, a short text takes a third longer (bench/cipher). */
function engineOf(instance: KernelInstance<CtrFunctions>): CtrEngine {
  const { beginCounter, clear, crypt, cryptOnce, cryptPart, forget, prepare } = instance.functions;
  const fewBytes = instance.functions.FEW_BYTES.value as number;
  const roundKeysLength = instance.functions.ROUND_KEYS_LENGTH.value as number;
  const hashTableLength = instance.functions.HASH_TABLE_LENGTH.value as number;
  const [keyRegion, counterRegion] = [instance.region("KEY"), instance.region("COUNTER")];
  // Without the hash table of GCM, which comes first.
  const preparedRegion = instance.region("PREPARED_KEY").subarray(hashTableLength);
  const [text, textAt] = [instance.region("TEXT"), instance.addressOf("TEXT")];
  const takeText = takerOf(text);

  /** The result holds the key; between calls the module holds nothing of it. */
  function cipherOf(key: Uint8Array): CtrCipher {
    const keyBytes = key.length;
    putBytes(key, keyRegion);
    prepare(keyBytes, true);
    const prepared = preparedRegion.slice();
    preparedRegion.fill(0);
    // The part that a text of up to `fewBytes` needs.
    const roundKeys = prepared.subarray(0, roundKeysLength);
    const enter = (counter: Uint8Array, length: number) => {
      preparedRegion.set(length > fewBytes ? prepared : roundKeys);
      putBytes(counter, counterRegion);
    };
    const cryptInParts: Crypt = (counter, counterBits, block, data, out, at) => {
      const target = plain(out).subarray(at, at + data.length);
      const source = plain(apartOrInPlace(target, data));
      enter(counter, source.length);
      beginCounter(counterBits, block);
      for (let from = 0; from < source.length; from += PART_BYTES) {
        const part = source.subarray(from, from + PART_BYTES);
        text.set(part);
        cryptPart(textAt, part.length, keyBytes, counterBits);
        takeText(part.length, target, from);
      }
      forget(source.length);
      clear(textAt, text.length);
    };
    return {
      crypt(counter, counterBits, block, data, out, at) {
        const { length } = data;
        if (length > PART_BYTES) return cryptInParts(counter, counterBits, block, data, out, at);
        enter(counter, length);
        putBytes(data, text);
        crypt(textAt, length, keyBytes, counterBits, block);
        takeText(length, out, at);
        clear(textAt, length + SLACK_BYTES);
      },
      wipe: () => void prepared.fill(0),
    };
  }

  return {
    prepare: cipherOf,
    cryptOnce(key, counter, counterBits, block, data, out, at) {
      const { length } = data;
      if (length > PART_BYTES) {
        const cipher = cipherOf(key);
        cipher.crypt(counter, counterBits, block, data, out, at);
        cipher.wipe();
        return;
      }
      putBytes(key, keyRegion);
      putBytes(counter, counterRegion);
      putBytes(data, text);
      cryptOnce(textAt, length, key.length, counterBits, block);
      takeText(length, out, at);
      clear(textAt, length + SLACK_BYTES);
    },
  };
}
