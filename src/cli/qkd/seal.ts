/** The command `qkd seal`: a file into an envelope. */
import { statSync } from "node:fs";
import type { Command } from "commander";
import { Sealer } from "../../protocols/qkd/levels/index.js";
import { env, sealFile } from "../../protocols/qkd/levels/node.js";
import { messageCommand, withMessage, type MessageOptions } from "./message-options.js";

export function addSeal(group: Command): void {
  messageCommand(group, "seal", "seal a file at one of four levels").action(
    async (from: string, to: string, options: MessageOptions) => {
      const { level, to: recipient } = options;
      await withMessage(options, "master", async ({ keys, slaveSaeId, ledger, secretKeys, peerKeys, signal }) => {
        const sealer = new Sealer({ env, sender: options.from, ledger, secretKeys, ...(keys && { keys }) });
        await sealFile(sealer, from, to, {
          level,
          recipient,
          signal,
          ...(slaveSaeId !== undefined && { slaveSaeId }),
          ...(peerKeys && { recipientKeys: peerKeys }),
        });
      });
      console.log(`sealed ${to} at level ${level}, ${statSync(to).size} bytes`);
    },
  );
}
