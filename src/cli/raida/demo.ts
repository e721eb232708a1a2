/** The command `raida demo`, which heals coins in a network of 25 local servers. */
import type { Command } from "commander";
import type { TraceWriter } from "../../machine/index.js";
import { QUORUM_OTHERS, RAIDA_COUNT } from "../../protocols/raida/index.js";
import {
  createRaidaClient,
  type HealedCoin,
  type HealProgress,
  type RunningRaidaClient,
} from "../../protocols/raida/node.js";
import { integer } from "../options.js";
import { openTrace } from "../trace-file.js";
import { showExchange } from "./exchange.js";
import { Draws, drawDamage, startNetwork, type Damage } from "./local-network.js";
import { canShowTable, ServerTable, type ServerRow } from "./server-table.js";

/** The options of the command. */
interface Options {
  readonly coins: number;
  readonly fracked: number;
  readonly run: number;
  readonly json?: boolean;
  readonly trace?: string;
}

export function addDemo(raida: Command): void {
  raida
    .command("demo")
    .description("25 servers on this machine heal coins that some of them have lost")
    .option("--coins <n>", "coins in the wallet", integer(1, 3_000), 12)
    .option("--fracked <n>", "servers that have lost each damaged coin", integer(0, RAIDA_COUNT), 3)
    .option("--run <n>", "which coins and which servers; the same number draws the same damage", integer(0, 2 ** 32), 1)
    .option("--json", "one JSON object at the end")
    .option("--trace <file>", "record the events and effects of all 26 machines, for `specwire replay`")
    .action(async (options: Options) => {
      const file = options.trace === undefined ? undefined : openTrace(options.trace);
      try {
        process.exitCode = await demo(options, file?.trace);
      } finally {
        file?.close();
      }
    });
}

async function demo(options: Options, trace: TraceWriter | undefined): Promise<number> {
  const startedMs = performance.now();
  const draws = new Draws(options.run);
  const damage = drawDamage(draws, options.coins, options.fracked);
  const servers = await startNetwork(damage, draws, trace);
  const addresses = servers.map(({ address }) => address);
  const client = createRaidaClient({
    servers: addresses,
    kinds: "specwire",
    transport: "tcp",
    ...(trace && { trace }),
  });
  const view = viewFor(options, damage, addresses);
  try {
    view.say(`${RAIDA_COUNT} servers listen on ${addresses[0]} and on; run ${options.run}`);
    view.say(`${options.coins} coins, ${damaged(damage)} of them lost by ${options.fracked} servers each`);
    if (view.isLive) for (const line of await showExchange(addresses[0]!, 0, intactAt(damage, 0))) view.say(line);
    const { coins, requests } = await client.heal(damage.coins, { onProgress: (progress) => view.progress(progress) });
    const authentic = await detectAll(client, coins);
    view.finish(authentic);
    const outcome = summarise(damage, coins, authentic);
    const tookMs = Math.round(performance.now() - startedMs);
    const { lost, noQuorum } = outcome;
    if (options.json === true) {
      console.log(JSON.stringify({ ...options, ...outcome, requests, tookMs }));
    } else {
      view.say(`${requests} requests of the client, ${tookMs} ms`);
      if (options.trace !== undefined)
        view.say(`${options.trace} has the trace, as secret as the coins: specwire replay`);
      console.log(resultOf(outcome, options.coins));
      if (noQuorum > 0) {
        const others = RAIDA_COUNT - options.fracked;
        console.log(
          `no quorum is possible for ${noQuorum} coins: ${others} servers vouch for each, ${QUORUM_OTHERS} must`,
        );
      }
    }
    return lost === 0 ? 0 : 1;
  } finally {
    await client.stop();
    await Promise.all(servers.map((server) => server.stop()));
  }
}

/** Coins that were never lost count as healed only where all are, and some were lost. */
function resultOf({ damaged: before, lost, servers }: Outcome, coins: number): string {
  const at = `${servers} of ${RAIDA_COUNT} servers`;
  if (before === 0) return `nothing to heal: ${coins} of ${coins} coins are authentic on ${at}`;
  if (lost === 0) return `healed ${coins} of ${coins} coins on ${at}`;
  return `failed: ${lost} of ${coins} coins are still lost, by ${RAIDA_COUNT - servers} of ${RAIDA_COUNT} servers`;
}

/** How a demo ends. */
interface Outcome {
  /** Coins that servers had lost before. */
  readonly damaged: number;
  /** Of these, the coins that all servers hold now. */
  readonly healed: number;
  /** Coins that some server denies now. */
  readonly lost: number;
  /** Servers that hold all coins now. */
  readonly servers: number;
  readonly noQuorum: number;
}

/** Detects every coin at every server with its current numbers. @returns by server, then by coin */
async function detectAll(client: RunningRaidaClient, coins: readonly HealedCoin[]): Promise<boolean[][]> {
  return Promise.all(
    Array.from({ length: RAIDA_COUNT }, async (_, server) => {
      const named = coins.map(({ denomination, serial, ans }) => ({ denomination, serial, an: ans[server]! }));
      return [...(await client.detect({ server, coins: named })).authentic];
    }),
  );
}

function summarise(damage: Damage, coins: readonly HealedCoin[], authentic: readonly (readonly boolean[])[]): Outcome {
  const isHeld = (coin: number): boolean => authentic.every((server) => server[coin]);
  return {
    damaged: damaged(damage),
    healed: damage.lostBy.filter((servers, coin) => servers.size > 0 && isHeld(coin)).length,
    lost: coins.filter((_, coin) => !isHeld(coin)).length,
    servers: authentic.filter((server) => server.every(Boolean)).length,
    noQuorum: coins.filter(({ states }) => states.includes("noQuorum")).length,
  };
}

function damaged({ lostBy }: Damage): number {
  return lostBy.filter((servers) => servers.size > 0).length;
}

/** A coin that a server holds, for an exchange that succeeds. */
function intactAt({ coins, lostBy }: Damage, server: number): Damage["coins"][number] {
  return coins[
    Math.max(
      0,
      lostBy.findIndex((servers) => !servers.has(server)),
    )
  ]!;
}

/** Shows the progress of the demo. */
interface View {
  readonly isLive: boolean;
  say(line: string): void;
  progress(progress: HealProgress): void;
  finish(authentic: readonly (readonly boolean[])[]): void;
}

/** A live table on a terminal that has room for it, lines elsewhere, and nothing for `--json`. */
function viewFor(options: Options, damage: Damage, addresses: readonly string[]): View {
  if (options.json === true) return { isLive: false, say() {}, progress() {}, finish() {} };
  const isLive = process.stdout.isTTY && canShowTable(addresses.length, process.stdout);
  return isLive ? liveView(damage, addresses) : plainView();
}

/** One line per phase and server with a finding or a change. */
function plainView(): View {
  return {
    isLive: false,
    say: (line) => console.log(line),
    progress({ phase, server, coins, of, error }) {
      if (error !== undefined) console.log(`${phase}: server ${server} failed: ${error.code}`);
      else if (phase === "detect" && coins < of)
        console.log(`detect: server ${server} has lost ${of - coins} of ${of} coins`);
      else if (phase === "tickets") console.log(`tickets: server ${server} vouches for ${coins} of ${of} coins`);
      else if (phase === "fix") console.log(`fix: server ${server} has healed ${coins} of ${of} coins`);
    },
    finish() {},
  };
}

function liveView({ coins }: Damage, addresses: readonly string[]): View {
  const rows = addresses.map((address, id): ServerRow => ({ id, address, authentic: 0, state: "" }));
  const table = new ServerTable(rows, coins.length, process.stdout);
  return {
    isLive: true,
    say: (line) => console.log(line),
    progress({ phase, server, coins: yes, of, error }) {
      const row = rows[server]!;
      if (phase === "detect" && error === undefined) row.authentic = yes;
      if (phase === "fix") row.authentic += yes;
      if (error !== undefined) row.state = `${phase} failed: ${error.code}`;
      else if (phase === "detect") row.state = yes < of ? `has lost ${of - yes}` : "";
      else if (phase === "tickets") row.state = `vouches for ${yes}`;
      else if (phase === "fix") row.state = `healed ${yes}`;
      table.update();
    },
    finish(authentic) {
      authentic.forEach((server, id) => (rows[id]!.authentic = server.filter(Boolean).length));
      table.draw();
    },
  };
}
