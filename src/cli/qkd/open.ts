/** The command `qkd open`: an envelope into a file. */
import { statSync } from "node:fs";
import type { Command } from "commander";
import { Opener } from "../../protocols/qkd/levels/index.js";
import { env, openFile } from "../../protocols/qkd/levels/node.js";
import { messageCommand, withMessage, type MessageOptions } from "./message-options.js";

interface Options extends MessageOptions {
  readonly requireQuantum?: boolean;
}

export function addOpen(group: Command): void {
  messageCommand(group, "open", "open an envelope of the level and sender that are expected")
    .option("--require-quantum", "refuse an envelope without keys of a link")
    .action(async (from: string, to: string, options: Options) => {
      const { level, from: sender, to: recipient, requireQuantum = false } = options;
      let created = 0;
      await withMessage(options, "slave", async ({ keys, ledger, secretKeys, peerKeys, signal }) => {
        const opener = new Opener({ env, recipient, ledger, secretKeys, ...(keys && { keys }) });
        try {
          const expected = { level, sender, requireQuantum, signal, ...(peerKeys && { senderKeys: peerKeys }) };
          created = (await openFile(opener, from, to, expected)).createdMs;
        } finally {
          opener.close();
        }
      });
      const time = new Date(created).toISOString();
      console.log(`opened ${to}, ${statSync(to).size} bytes from ${sender}, sealed at ${time}`);
    });
}
