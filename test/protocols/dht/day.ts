/** A day of the DHT at its own pace: refreshes and replications by the hour, values that expire, servers that go. */
import type { DhtOutcome } from "../../../src/protocols/dht/index.js";
import { Random } from "../../../src/testing/index.js";
import { DhtNetwork, type Called, type DhtHost } from "../../../src/cli/dht/simulated-network.js";
import { InvariantWatch } from "./watch.js";

const HOUR_MS = 3_600_000;
const HOURS = 24;
const VALUES = 12;
/** Of every other value; the rest outlives the day. */
const SHORT_SECONDS = 6 * 3_600;
const LONG_SECONDS = 48 * 3_600;
/** By how much the ages of a value differ from server to server, as they are rounded up. */
const SLACK_MS = 60_000;

/** Plays a day; throws for a value that is lost though a living server holds it, or found though it has expired. */
export function playDay(run: number, { servers, churn }: { readonly servers: number; readonly churn: number }): number {
  const random = new Random(run, "day");
  const network = new DhtNetwork(run, { k: 6, rpcTimeoutMs: 2_000 });
  network.watch = new InvariantWatch(network);
  const up = (): DhtHost[] => network.hosts.filter(({ isUp }) => isUp);
  const end = (called: Called): DhtOutcome | undefined => {
    network.messages.runUntil(() => called.outcome !== undefined, 120_000);
    return "value" in called.outcome! ? called.outcome.value : undefined;
  };
  const bootstrap = (): string[] => (up().length === 0 ? [] : [random.pick(up()).address, random.pick(up()).address]);
  const join = (host: DhtHost): void => void end(network.call(host, { type: "join" }));
  for (let i = 0; i < servers; i++) join(network.add(bootstrap()));

  const values: { readonly key: Uint8Array; readonly untilMs: number }[] = [];
  for (let i = 0; i < VALUES; i++) {
    const ttlSeconds = i % 2 === 0 ? LONG_SECONDS : SHORT_SECONDS;
    const value = random.bytes(random.between(1, 300));
    const stored = end(network.call(random.pick(up()), { type: "store", value, ttlSeconds }));
    if (stored?.type !== "stored") throw new Error("a value is not stored");
    values.push({ key: stored.key, untilMs: network.nowMs + ttlSeconds * 1_000 });
  }

  let sought = 0;
  for (let hour = 1; hour <= HOURS; hour++) {
    const goings = Math.round(churn * servers);
    for (let i = 0; i < goings; i++) {
      // The disks of those that go are gone with them: who comes is new.
      network.crash(random.pick(up()));
      join(network.add(bootstrap()));
      network.messages.runFor(HOUR_MS / goings);
    }
    for (const { key, untilMs } of values) {
      const isHeld = up().some(({ core }) => core.holder.find(key, network.nowMs)?.facts.isCached === false);
      const found = end(network.call(random.pick(up()), { type: "findValue", key }));
      sought++;
      if (found !== undefined && network.nowMs > untilMs + SLACK_MS) throw new Error("a value is found after its time");
      if (found === undefined && isHeld && network.nowMs < untilMs - SLACK_MS) {
        throw new Error(`a value that a living server holds is not found in hour ${hour}`);
      }
      if (!isHeld && network.nowMs < untilMs - SLACK_MS)
        throw new Error(`nobody holds a value any more in hour ${hour}`);
    }
  }
  return sought;
}
