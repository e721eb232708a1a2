/** Authenticated ciphers without additional data: ours by the engine of the size, node:crypto with a KeyObject. */
import { createCipheriv, createDecipheriv, createSecretKey } from "node:crypto";
import { messagesOf } from "../kernel/digests.mjs";
import { cipherCell } from "./cell.mjs";

const TAG_BYTES = 16;
const OPTIONS = { authTagLength: TAG_BYTES };

/** @typedef {{ seal(text: Uint8Array): Uint8Array, open(sealed: Uint8Array): Uint8Array }} Calls */

/**
 * Two cells for each length: sealing and opening.
 * @param {{ title: string, each?: string, lengths: number[], random: object, ours: Calls,
 *   rivals: Record<string, Calls> }} group
 */
export function aeadCells({ title, each = "", lengths, random, ours, rivals }) {
  return lengths.flatMap((length) => {
    const texts = messagesOf(random, length);
    const sealed = texts.map((text) => ours.seal(text));
    return [
      cipherCell(`${title} seal, ${each}${sizeOf(length)}`, texts, ours.seal, only("seal", rivals)),
      cipherCell(`${title} open, ${each}${sizeOf(length)}`, sealed, ours.open, only("open", rivals)),
    ];
  });
}

/** @param {"seal" | "open"} which @param {Record<string, Calls>} rivals */
function only(which, rivals) {
  return Object.fromEntries(Object.entries(rivals).map(([rival, calls]) => [rival, calls[which]]));
}

/** The cipher of that name of node:crypto. @returns {Calls} */
export function nodeCalls(name, bytes, nonce) {
  const key = createSecretKey(bytes);
  return {
    seal(text) {
      const cipher = createCipheriv(name, key, nonce, OPTIONS);
      return Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed) {
      const decipher = createDecipheriv(name, key, nonce, OPTIONS);
      decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
      const text = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
      decipher.final();
      return text;
    },
  };
}

/** A cipher of noble, which makes a new object for each message. @returns {Calls} */
export function nobleCalls(make) {
  return { seal: (text) => make().encrypt(text), open: (sealed) => make().decrypt(sealed) };
}

function sizeOf(length) {
  return length % 1024 === 0 ? `${length / 1024} KB` : `${length.toLocaleString("en")} B`;
}
