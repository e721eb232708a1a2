/** The command `qkd status`. */
import type { Command } from "commander";
import { clientCommand, withClient, type ClientOptions } from "./with-client.js";

export function addStatus(group: Command): void {
  clientCommand(group, "status", "what a KME has and allows for a peer")
    .argument("<peer>", "the ID of the SAE at the other end")
    .action(async (peer: string, options: ClientOptions) => {
      process.exitCode = await withClient(options, async ({ client, signal }) => {
        const status = await client.status(peer, { signal });
        if (options.json === true) console.log(JSON.stringify(status));
        else for (const [name, value] of Object.entries(status)) console.log(`${name.padEnd(16)} ${String(value)}`);
        return 0;
      });
    });
}
