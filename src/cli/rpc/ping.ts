/** The command `rpc ping`: how long a peer takes to answer. */
import { setTimeout as wait } from "node:timers/promises";
import type { Command as Program } from "commander";
import { toHex } from "../../bytes/index.js";
import { isWireError, type WireError } from "../../errors.js";
import { createRpcClient } from "../../protocols/rpc/node.js";
import { integer } from "../options.js";
import { addPeerOptions, viaOf, type PeerOptions } from "./common.js";

interface Options extends PeerOptions {
  readonly count?: number;
  readonly interval: number;
  readonly timeout: number;
}

/** Adds the command to its group. */
export function addPing(rpc: Program): void {
  addPeerOptions(
    rpc
      .command("ping")
      .description("ask a peer again and again, and measure the time until it answers")
      .argument("<host:port>", "any peer that answers a PING with an ACK")
      .option("-c, --count <n>", "requests; by default until SIGINT", integer(1, 1_000_000))
      .option("-i, --interval <ms>", "time between requests", integer(1, 3_600_000), 1_000)
      .option("-W, --timeout <ms>", "timeout of one request", integer(1, 3_600_000), 5_000),
  )
    .option("--json", "one JSON object at the end")
    .action(async (peer: string, options: Options) => {
      process.exitCode = await ping(peer, options);
    });
}

async function ping(peer: string, options: Options): Promise<number> {
  const { count = Infinity, interval, timeout: timeoutMs, framing, json: isJson = false } = options;
  const interrupt = new AbortController();
  const { signal } = interrupt;
  const stop = (): void => interrupt.abort();
  process.once("SIGINT", stop);
  const client = createRpcClient({ framing, via: viaOf(options) });
  const timesMs: number[] = [];
  let sent = 0;
  let last: WireError | undefined;
  try {
    while (sent < count && !signal.aborted) {
      if (sent > 0) await wait(interval, undefined, { signal }).catch(() => {});
      if (signal.aborted) break;
      sent++;
      const beganMs = performance.now();
      try {
        const { id, peer: from } = await client.ping(peer, { timeoutMs, signal });
        const ms = performance.now() - beganMs;
        timesMs.push(ms);
        if (!isJson) console.log(`${from}${id.length === 0 ? "" : ` ${toHex(id)}`}: ${ms.toFixed(2)} ms`);
      } catch (error) {
        if (!isWireError(error)) throw error;
        if (signal.aborted) sent--;
        else last = error;
        // No later request can go better.
        if (error.code === "argument") throw error;
        if (!isJson && !signal.aborted) console.log(`no answer: ${error.actual ?? error.code}`);
      }
    }
  } finally {
    process.removeListener("SIGINT", stop);
    await client.stop();
  }
  report(peer, sent, timesMs, isJson);
  if (timesMs.length === 0 && last !== undefined) throw last;
  return 0;
}

function report(peer: string, sent: number, timesMs: readonly number[], isJson: boolean): void {
  const answered = timesMs.length;
  const lossPercent = sent === 0 ? 0 : 100 * (1 - answered / sent);
  const sumMs = timesMs.reduce((sum, ms) => sum + ms, 0);
  const ofTime = (least: number, most: number) => ({ minMs: least, avgMs: sumMs / answered, maxMs: most });
  const time = answered === 0 ? undefined : ofTime(Math.min(...timesMs), Math.max(...timesMs));
  if (isJson) return console.log(JSON.stringify({ peer, sent, answered, lossPercent, time }));
  console.log(`${sent} sent, ${answered} answered, ${lossPercent.toFixed(1)} % lost`);
  if (time === undefined) return;
  const { minMs, avgMs, maxMs } = time;
  console.log(`min/avg/max ${minMs.toFixed(2)}/${avgMs.toFixed(2)}/${maxMs.toFixed(2)} ms`);
}
