/** AES-GCM as a module of assembly/ computes it. */
import type { AeadCipher } from "./aead.js";
import { AAD_BYTES, type AeadModule, openInParts, PART_BYTES, sealInParts, TAG_BYTES } from "./aead-parts.js";
import { aesInstance, type AesFunctions, BLOCK_BYTES, SLACK_BYTES } from "./aes-wasm.js";
import { plain } from "./checks.js";
import { putBytes, takerOf } from "./few-bytes.js";
import type { KernelInstance } from "./instance.js";
import type { KeyedEngine } from "./key.js";

const NONCE_BYTES = 12;
const COUNTER_BITS = 32;

export function wasmEngine(): KeyedEngine<AeadCipher> | undefined {
  const instance = aesInstance();
  return instance === undefined ? undefined : engineOf(instance);
}

/** Of constants that functions share, for the reason that stands at AES-CTR. */
function engineOf(instance: KernelInstance<AesFunctions>): KeyedEngine<AeadCipher> {
  const { functions } = instance;
  const { clear, open, prepareGcm, seal } = functions;
  const number = (constant: WebAssembly.Global) => constant.value as number;
  const fewBytes = number(functions.FEW_BYTES) - BLOCK_BYTES;
  const fewKeysLength = number(functions.HASH_TABLE_LENGTH) + number(functions.ROUND_KEYS_LENGTH);
  const [keyRegion, preparedRegion] = [instance.region("KEY"), instance.region("PREPARED_KEY")];
  const counterRegion = instance.region("COUNTER");
  const [aad, aadAt] = [instance.region("AAD"), instance.addressOf("AAD")];
  const [text, textAt] = [instance.region("TEXT").subarray(BLOCK_BYTES), instance.addressOf("TEXT") + BLOCK_BYTES];
  const take = takerOf(text);

  /** The block that the key stream begins with (SP 800-38D §7.1, J₀). */
  function enterNonce(nonce: Uint8Array): void {
    for (let i = 0; i < NONCE_BYTES; i++) counterRegion[i] = nonce[i]!;
    counterRegion[NONCE_BYTES + 3] = 1;
  }

  /** @param enter puts the key for a text of so many bytes into the module */
  function cipherOf(keyBytes: number, enter: (length: number) => void, wipe: () => void): AeadCipher {
    const inParts = (): AeadModule => ({
      ...{ text, textAt, take, aad, aadAt, clear },
      authenticate: functions.authenticate,
      tagInto: functions.tagInto,
      matches: functions.matches,
      begin: () => functions.beginGcm(keyBytes),
      crypt: (from, length) => functions.cryptPart(from, length, keyBytes, COUNTER_BITS),
      forget: () => functions.forgetGcm(PART_BYTES),
    });
    return {
      seal(nonce, plaintext, additional, out) {
        const { length } = plaintext;
        const isLong = length > PART_BYTES || additional.length > AAD_BYTES;
        enter(isLong ? PART_BYTES : length);
        enterNonce(nonce);
        if (isLong) return sealInParts(inParts(), plain(plaintext), plain(additional), out);
        putBytes(plaintext, text);
        putBytes(additional, aad);
        seal(textAt, length, keyBytes, aadAt, additional.length);
        take(length + TAG_BYTES, out, 0);
        clear(textAt, length + SLACK_BYTES);
      },
      open(nonce, sealed, additional, out) {
        const length = sealed.length - TAG_BYTES;
        const isLong = length > PART_BYTES || additional.length > AAD_BYTES;
        enter(isLong ? PART_BYTES : length);
        enterNonce(nonce);
        if (isLong) return openInParts(inParts(), plain(sealed), plain(additional), out);
        putBytes(sealed, text);
        putBytes(additional, aad);
        const genuine = open(textAt, length, keyBytes, aadAt, additional.length) === 1;
        if (genuine) take(length, out, 0);
        clear(textAt, length + SLACK_BYTES);
        return genuine;
      },
      wipe,
    };
  }

  return {
    prepare(key) {
      putBytes(key, keyRegion);
      prepareGcm(key.length, PART_BYTES);
      const prepared = preparedRegion.slice();
      preparedRegion.fill(0);
      const fewKeys = prepared.subarray(0, fewKeysLength);
      const enter = (length: number) => preparedRegion.set(length > fewBytes ? prepared : fewKeys);
      return cipherOf(key.length, enter, () => void prepared.fill(0));
    },
    prepareOnce(key) {
      const enter = (length: number) => {
        putBytes(key, keyRegion);
        prepareGcm(key.length, length);
      };
      return cipherOf(key.length, enter, () => {});
    },
  };
}
