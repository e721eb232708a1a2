/** A cell of ciphers. */
import { badMessages, bytesOnly } from "../kernel/digests.mjs";

/**
 * Compares a call of ours with those of rivals; each takes a text and returns a text.
 * @param {string} name
 * @param {Uint8Array[]} inputs
 * @param {(text: Uint8Array) => Uint8Array} ours
 * @param {Record<string, (text: Uint8Array) => Uint8Array>} rivals
 */
export function cipherCell(name, inputs, ours, rivals) {
  const candidate = (of, call) => ({ name: of, run: (i) => call(inputs[i]), once: call });
  return {
    name,
    // V8 cannot drop a call, and every candidate computes whole texts: reading all bytes would dominate the times.
    consume: (text) => text[0] ^ text[text.length - 1],
    plain: (text) => Buffer.from(text).toString("hex"),
    inputs,
    bad: badMessages,
    candidates: [
      { ...candidate("specwire", ours), ours: true },
      // Rivals accept strings and arrays too; ours does not.
      ...Object.entries(rivals).map(([rival, call]) => ({ ...candidate(rival, call), once: bytesOnly(call) })),
    ],
  };
}
