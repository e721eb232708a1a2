/** What a member tells of its state: how many commands it has applied, and a hash of all keys of the bench. */
import { createHash } from "node:crypto";
import { INPUTS } from "../lib/cell.mjs";

/** Key of an input. */
export const keyOf = (input) => Buffer.from(`key ${input}`);

/** @param {(key: Buffer) => Uint8Array | undefined} get */
export function answerState(get, commands) {
  process.on("message", () => {
    const hash = createHash("sha256");
    for (let i = 0; i < INPUTS; i++) {
      const value = get(keyOf(i));
      hash.update(value === undefined ? "none" : `${value.length} `).update(value ?? "");
    }
    process.send({ commands: commands(), hash: hash.digest("hex") });
  });
}
