/** The command `dht simulate`: a network of servers on virtual time, and what its lookups find and cost. */
import type { Command } from "commander";
import { InvalidArgumentError } from "commander";
import { toHex } from "../../bytes/index.js";
import { ID_BYTES } from "../../kernel/index.js";
import type { DhtOutcome } from "../../protocols/dht/index.js";
import { Random } from "../../testing/index.js";
import { EXIT_NO } from "../exit-codes.js";
import { integer } from "../options.js";
import { progressOf, type Progress } from "../progress.js";
import { IdealLookups } from "./ideal-lookups.js";
import { DhtNetwork, type Called, type DhtHost } from "./simulated-network.js";

interface Options {
  readonly servers: number;
  readonly churn: number;
  readonly hours: number;
  readonly lookups: number;
  readonly k: number;
  readonly paths: number;
  readonly run: number;
  readonly json?: boolean;
}

/** What a simulation has come to. */
interface Report {
  readonly servers: number;
  readonly contactsMean: number;
  readonly valuesFound: number;
  readonly valuesSought: number;
  /** Of the true k nearest, the share that lookups found. */
  readonly recall: number;
  readonly requestsPerLookup: number;
  /** What they would be if each server had met all others. */
  readonly idealRequestsPerLookup: number;
  /** Of processor time. */
  readonly lookupsPerSecond: number;
  readonly requestsPerServerAndMinute: number;
  /** Processor time of everything but the ideal lookups. */
  readonly processorSeconds: number;
  /** Memory of the process before these. */
  readonly memoryBytes: number;
}

/** Values that are stored, and sought at the end. */
const VALUES = 20;
/** Lookups whose ideal cost is found: each needs some 20 tables of everybody. */
const IDEAL_LOOKUPS = 50;
const HOUR_MS = 3_600_000;
/** Virtual time between two looks at how far a quiet network is. */
const STEP_MS = 60_000;
const CALL_MS = 120_000;

/** Adds the command to its group. */
export function addSimulate(group: Command): void {
  group
    .command("simulate")
    .description("let servers join, go and come on virtual time, and tell what lookups find and cost")
    .option("--servers <n>", "servers that join one after the other", integer(2, 10_000), 100)
    .option("--churn <share>", "share of them that goes, and is replaced, in each hour", share, 0)
    .option("--hours <n>", "virtual hours; values are stored at the beginning", integer(0, 1_000), 1)
    .option("--lookups <n>", "lookups of drawn ids at the end", integer(1, 1_000_000), 200)
    .option("--k <n>", "contacts of a bucket", integer(1, 100), 20)
    .option("--paths <n>", "disjoint paths of a lookup", integer(1, 3), 1)
    .option("--run <n>", "number of the run, from which every draw follows", integer(1, 2 ** 31 - 1), 1)
    .option("--json", "print JSON")
    .action((options: Options) => {
      const progress = progressOf(options);
      const report = simulated(options, progress);
      progress.clear();
      if (options.json === true) console.log(JSON.stringify(report));
      else for (const line of linesOf(report)) console.log(line);
      if (report.valuesFound < report.valuesSought) process.exitCode = EXIT_NO;
    });
}

function share(text: string): number {
  const number = Number(text);
  if (text.trim() !== "" && number >= 0 && number <= 1) return number;
  throw new InvalidArgumentError("expected a share from 0 to 1");
}

function linesOf(report: Report): string[] {
  const { servers, contactsMean, valuesFound, valuesSought, recall, requestsPerLookup, lookupsPerSecond } = report;
  const times = (requestsPerLookup / report.idealRequestsPerLookup).toFixed(2);
  return [
    `${servers} servers, ${contactsMean.toFixed(0)} contacts each`,
    `${valuesFound} of ${valuesSought} values found`,
    `${(100 * recall).toFixed(2)} % of the nearest found`,
    `${requestsPerLookup.toFixed(1)} requests a lookup, ${times} times as many as among servers that have met all others`,
    `${report.requestsPerServerAndMinute.toFixed(1)} requests of a server in a minute`,
    `${lookupsPerSecond.toFixed(0)} lookups in a second of processor time`,
    `${report.processorSeconds.toFixed(0)} s of processor time, ${(report.memoryBytes / 1e6).toFixed(0)} MB of memory`,
  ];
}

/** Plays a network to its end. */
function simulated({ servers, churn, hours, lookups, k, paths, run }: Options, progress: Progress): Report {
  const started = process.cpuUsage();
  const random = new Random(run, "simulate");
  const alpha = Math.min(3, k);
  const network = new DhtNetwork(run, { k, paths, alpha });
  network.keepsEvents = false;
  const up = (): DhtHost[] => network.hosts.filter(({ isUp }) => isUp);
  const end = (called: Called): DhtOutcome | undefined => {
    network.messages.runUntil(() => called.outcome !== undefined, CALL_MS);
    return "value" in called.outcome! ? called.outcome.value : undefined;
  };
  const join = (): void => {
    const others = up();
    const bootstrap = others.length === 0 ? [] : [random.pick(others).address];
    end(network.call(network.add(bootstrap), { type: "join" }));
  };
  for (let i = 0; i < servers; i++) {
    progress.show(`${i} of ${servers} servers have joined`);
    join();
  }
  const keys: Uint8Array[] = [];
  for (let i = 0; i < VALUES; i++) {
    const stored = end(network.call(random.pick(up()), { type: "store", value: random.bytes(100) }));
    if (stored?.type === "stored") keys.push(stored.key);
  }
  const asked = (): number => network.hosts.reduce((sum, { core }) => sum + core.stats.asked, 0);
  const [askedBefore, sinceMs] = [asked(), network.nowMs];
  const goings = Math.round(churn * servers * hours);
  for (let i = 0; i < goings; i++) {
    progress.show(`${i} of ${goings} servers have gone and were replaced`);
    network.crash(random.pick(up()));
    join();
    network.messages.runFor((hours * HOUR_MS) / goings);
  }
  const endMs = sinceMs + hours * HOUR_MS;
  while (network.nowMs < endMs) {
    progress.show(`${((network.nowMs - sinceMs) / HOUR_MS).toFixed(1)} of ${hours} virtual hours`);
    network.messages.runFor(Math.min(STEP_MS, endMs - network.nowMs));
  }
  const minutes = (network.nowMs - sinceMs) / 60_000;
  const requestsPerServerAndMinute = minutes === 0 ? 0 : (asked() - askedBefore) / minutes / servers;

  let valuesFound = 0;
  for (const key of keys) if (end(network.call(random.pick(up()), { type: "findValue", key }))) valuesFound++;
  let [right, nearest, requests] = [0, 0, 0];
  const targets = Array.from({ length: lookups }, () => random.bytes(ID_BYTES));
  const before = process.cpuUsage();
  const askers = up();
  const by = targets.map(() => random.pick(askers));
  const found = targets.map((target, i) => {
    progress.show(`${i} of ${lookups} lookups`);
    return end(network.call(by[i]!, { type: "findNode", target }));
  });
  const { user, system } = process.cpuUsage(before);
  for (const [i, outcome] of found.entries()) {
    const expected = network.nearest(targets[i]!, k);
    nearest += expected.length;
    if (outcome?.type !== "found") continue;
    const ids = new Set(outcome.servers.map(({ id }) => toHex(id)));
    right += expected.filter(({ id }) => ids.has(toHex(id))).length;
    requests += outcome.rpcs;
  }
  const whole = process.cpuUsage(started);
  const { rss: memoryBytes } = process.memoryUsage();
  const ideal = new IdealLookups(askers, { k, alpha });
  const idealRequests = targets.slice(0, IDEAL_LOOKUPS).map((target, i, { length }) => {
    progress.show(`${i} of ${length} lookups compared with ideal ones`);
    return ideal.requests(by[i]!.address, target);
  });
  const contacts = up().reduce((sum, { core }) => sum + core.table.size, 0);
  return {
    servers: up().length,
    contactsMean: contacts / up().length,
    valuesFound,
    valuesSought: keys.length,
    recall: right / nearest,
    requestsPerLookup: requests / lookups,
    idealRequestsPerLookup: idealRequests.reduce((sum, count) => sum + count, 0) / idealRequests.length,
    lookupsPerSecond: (1e6 * lookups) / (user + system),
    requestsPerServerAndMinute,
    processorSeconds: (whole.user + whole.system) / 1e6,
    memoryBytes,
  };
}
