/** The commands `chain serve` and `chain sync`. */
import type { Command } from "commander";
import { toHex } from "../../bytes/index.js";
import type { ChainEvent } from "../../protocols/chain/node.js";
import type { RpcFraming } from "../../protocols/rpc/index.js";
import { EXIT_NO } from "../exit-codes.js";
import { integer } from "../options.js";
import { addFraming } from "../rpc/common.js";
import { openOutput } from "../server-output.js";
import { chainCommand, withChain, type ChainCommandOptions } from "./common.js";

interface ServeOptions extends ChainCommandOptions {
  readonly listen: string;
  readonly framing: RpcFraming;
}

interface SyncOptions extends ChainCommandOptions {
  readonly framing: RpcFraming;
  readonly timeoutMs: number;
}

export function addServe(group: Command): void {
  addFraming(
    chainCommand(
      group,
      "serve",
      "let others fetch the blocks of a chain, until SIGINT or SIGTERM",
      "serve ./backups --listen 127.0.0.1:7200",
    ).option("--listen <host:port>", "where to listen, port 0 for any free one", "127.0.0.1:7200"),
  ).action(async (dir: string, options: ServeOptions) => {
    const { listen, framing, json = false } = options;
    const stopped = new Promise<void>((resolve) => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
    });
    process.exitCode = await withChain(
      dir,
      options,
      async (chain) => {
        const output = await openOutput();
        const first = json
          ? JSON.stringify({ type: "listening", address: chain.address })
          : `listening at ${chain.address}`;
        output.writeFirst(`${first}\n`);
        chain.subscribe((event) => output.write(`${json ? JSON.stringify(plain(event)) : lineOf(event)}\n`));
        await stopped;
        await output.close();
        return 0;
      },
      { listen, framing },
    );
  });
}

function plain(event: ChainEvent): object {
  const hex = "hash" in event ? { hash: toHex(event.hash) } : {};
  return { ...event, ...("index" in event && { index: String(event.index) }), ...hex };
}

function lineOf(event: ChainEvent): string {
  if (event.type === "synced") return `synced ${event.appended} blocks from ${event.peer}`;
  if (event.type === "forked") return `forked at ${event.index} from ${event.peer}`;
  return event.type === "appended" ? `appended ${event.index} ${toHex(event.hash)}` : `damaged from ${event.index} on`;
}

export function addSync(group: Command): void {
  addFraming(
    chainCommand(group, "sync", "fetch the blocks that a chain lacks from a peer", "sync ./backups 127.0.0.1:7200")
      .argument("<host:port>", "the peer")
      .option("--timeout-ms <n>", "how long it may take", integer(1, 2 ** 31 - 1), 60_000),
  ).action(async (dir: string, peer: string, options: SyncOptions) => {
    const { framing, timeoutMs } = options;
    process.exitCode = await withChain(
      dir,
      options,
      async (chain) => {
        const { appended, forkedAt } = await chain.sync(peer, { timeoutMs });
        const { height } = await chain.status();
        if (options.json === true) {
          const forked = forkedAt === undefined ? {} : { forkedAt: String(forkedAt) };
          console.log(JSON.stringify({ appended, height: String(height), ...forked }));
        } else if (forkedAt === undefined) console.log(`appended ${appended} blocks, up to ${height}`);
        else console.log(`the peer has another block ${forkedAt}: nothing of it was taken`);
        return forkedAt === undefined ? 0 : EXIT_NO;
      },
      { framing },
    );
  });
}
