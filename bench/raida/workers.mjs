/**
 * What worker processes gain for a RAIDA node: `node bench/raida/workers.mjs [ROUNDS]`, reported, without gates. The
 * same requests to servers that have none, 1 and 2, in turn; this process asks, and takes its share of the machine.
 *
 * How much is answered depends on how many processors there are for all of them. What the server's own process needs
 * for an answer does not: where it is the limit, and workers have processors of their own, it is the gain.
 */
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { INPUTS } from "../lib/cell.mjs";
import { median, shuffled } from "../lib/measure.mjs";
import { subject } from "../lib/subject.mjs";
import { IN_FLIGHT, openConnections, openDatagrams, startServer } from "./exchange.mjs";
import { makeCoins, request } from "./requests.mjs";

const COUNTS = [0, 1, 2];
const ROUND_MS = 250;
const WARM_MS = 600;
/** Datagrams come from so many peers. */
const PEERS = 16;
/** Of the times in /proc (proc(5)): what `getconf CLK_TCK` says wherever Node runs. */
const MS_PER_TICK = 10;

const rounds = Number(process.argv[2] ?? 12);
const CELLS = [
  ["echo, UDP", "echo", 0, openPeers],
  ["detect of 17, UDP", "detect", 17, openPeers],
  ["get_ticket of 17, UDP", "getTicket", 17, openPeers],
  ["echo, TCP", "echo", 0, openConnections],
  ["get_ticket of 100, TCP", "getTicket", 100, openConnections],
];

console.log("| requests | workers | answers a second | times none | server's µs | times none | workers' µs |");
console.log("|---|--:|--:|--:|--:|--:|--:|");
for (const cell of CELLS) for (const row of await measure(...cell)) console.log(`| ${row.join(" | ")} |`);
const { version, commit, build, node, cpu } = subject();
const machine = `${availableParallelism()} processors, ${cpu}`;
console.log(`\nspecwire ${version} (commit ${commit}, ${build}), Node ${node}, ${machine}; ${rounds} rounds`);

async function measure(name, command, coins, openClient) {
  const inputs = Array.from({ length: INPUTS }, (_, i) => request(command, makeCoins(coins, i * coins)));
  const entries = [];
  for (const count of COUNTS) {
    const server = await startServer(`node-and-${count}`, command, inputs[0].length);
    entries.push({ count, server, client: await openClient(server.port), rates: [], answers: 0 });
  }
  for (const entry of entries) {
    await ask(entry, inputs, WARM_MS);
    entry.before = await cpuMsOf(entry.server);
  }
  for (let round = 0; round < rounds; round++) {
    for (const entry of shuffled(entries)) {
      const answersPerMs = await ask(entry, inputs, ROUND_MS);
      entry.rates.push(1_000 * answersPerMs);
    }
  }
  const rows = [];
  for (const { count, server, client, rates, answers, before } of entries) {
    const after = await cpuMsOf(server);
    const us = (kind) => (1_000 * (after[kind] - before[kind])) / answers;
    rows.push({ count, rate: median(rates), server: us("server"), workers: us("workers") });
    client.close();
    await server.close();
  }
  return rows.map((row) => [
    name,
    row.count,
    Math.round(row.rate).toLocaleString("en"),
    (row.rate / rows[0].rate).toFixed(2),
    row.server.toFixed(1),
    (row.server / rows[0].server).toFixed(2),
    row.workers.toFixed(1),
  ]);
}

/** Keeps as many requests under way as there may be, for a time. @returns answers a millisecond */
function ask(entry, inputs, ms) {
  return new Promise((resolve) => {
    const start = performance.now();
    let [begun, done] = [0, 0];
    const next = () => entry.client.exchange(inputs[begun++ % INPUTS], onDone);
    const onDone = () => {
      done++;
      if (performance.now() - start < ms) return next();
      if (done < begun) return undefined;
      entry.answers += entry.before === undefined ? 0 : done;
      return resolve(done / (performance.now() - start));
    };
    for (let i = 0; i < IN_FLIGHT; i++) next();
  });
}

async function openPeers(port) {
  const peers = await Promise.all(Array.from({ length: PEERS }, () => openDatagrams(port)));
  let last = 0;
  return {
    exchange: (input, done) => peers[last++ % PEERS].exchange(input, done),
    close: () => peers.forEach(({ close }) => close()),
  };
}

/** What a server has had of the processor, and what the processes that it has started: those only where /proc is. */
async function cpuMsOf({ child, cpuNs }) {
  return { server: (await cpuNs()) / 1e6, workers: descendantsMs(child.pid) };
}

function descendantsMs(parent) {
  try {
    const stats = readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(statOf);
    const children = stats.filter((stat) => stat?.parent === parent);
    return children.reduce((sum, { pid, ms }) => sum + ms + descendantsMs(pid), 0);
  } catch {
    return NaN;
  }
}

function statOf(pid) {
  try {
    // The name in parentheses may hold anything. After it: state, parent, nine others, and the two times.
    const fields = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ").at(-1).split(" ");
    return { pid: Number(pid), parent: Number(fields[1]), ms: MS_PER_TICK * (Number(fields[11]) + Number(fields[12])) };
  } catch {
    return undefined;
  }
}
