import { badMessages, ofBytes } from "../kernel/digests.mjs";

/**
 * A call of ours against those of rivals, each from a text to a text.
 * @param {string} name
 * @param {Uint8Array[]} inputs
 * @param {(text: Uint8Array) => Uint8Array} ours
 * @param {Record<string, (text: Uint8Array) => Uint8Array>} rivals
 */
export function cipherCell(name, inputs, ours, rivals) {
  const candidate = (of, call) => ({ name: of, run: (i) => call(inputs[i]), once: call });
  return {
    name,
    // No call can be dropped, and all candidates work on whole texts: reading all of them would be much of the time.
    consume: (text) => text[0] ^ text[text.length - 1],
    plain: (text) => Buffer.from(text).toString("hex"),
    inputs,
    bad: badMessages,
    candidates: [
      { ...candidate("specwire", ours), ours: true },
      // Rivals take strings and arrays too; we do not.
      ...Object.entries(rivals).map(([rival, call]) => ({ ...candidate(rival, call), once: ofBytes(call) })),
    ],
  };
}
