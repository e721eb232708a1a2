/** Three members in processes of their own, of which one stops, lives in the past, or has a disk that is full. */
import { spawnSync } from "node:child_process";
import { afterEach, expect, test } from "vitest";
import { CALL_MS, Load } from "./load.js";
import { ProcessCluster } from "./processes.js";

const TEST_MS = 10 * CALL_MS;
const STOPPED_MS = 5_000;
/** Between rounds of a client: what is tested is not speed. */
const PAUSE_MS = 20;
const HOUR_MS = 3_600_000;

/** Sets the clock of a process by the milliseconds that it is told. */
const CLOCK = `data:text/javascript,${encodeURIComponent(`
  const now = Date.now;
  let aheadMs = 0;
  Date.now = () => now() + aheadMs;
  process.on("message", (ms) => { aheadMs = ms; process.send(Date.now()); });
  process.channel.unref();
`)}`;

let cluster: ProcessCluster | undefined;
afterEach(async () => {
  await cluster?.end();
  cluster = undefined;
});

test(
  "a leader that is stopped for 5 s, and clocks that are set back, lose and change nothing",
  async () => {
    cluster = await ProcessCluster.found("TCP");
    await cluster.startAll(["--import", CLOCK]);
    const load = new Load(() => cluster!.connect(), PAUSE_MS);
    const watching = cluster.connect();
    await load.goesOn();
    const leader = await cluster.leader(watching);
    const { child } = cluster.members.get(leader)!;
    child.kill("SIGSTOP");
    const stoppedAt = performance.now();
    await load.goesOn();
    await new Promise((resolve) => setTimeout(resolve, STOPPED_MS - (performance.now() - stoppedAt)));
    child.kill("SIGCONT");
    await load.goesOn();
    // It learns that another leads.
    const address = cluster.addresses[leader - 1]!;
    const status = () => watching.status(address, { timeoutMs: CALL_MS });
    await expect.poll(async () => (await status()).leader, { timeout: CALL_MS }).not.toBe(0);
    for (const [member, aheadMs] of [
      [1, -HOUR_MS],
      [2, HOUR_MS],
      [3, -HOUR_MS],
    ] as const) {
      const { child: other } = cluster.members.get(member)!;
      const told = new Promise<number>((resolve) => other.once("message", (now) => resolve(now as number)));
      other.send(aheadMs);
      expect(Math.abs((await told) - Date.now() - aheadMs)).toBeLessThan(HOUR_MS / 2);
      await load.goesOn();
    }
    await load.end(watching);
    for (const member of cluster.members.values()) {
      expect(member.logged.filter(({ type }) => type === "fault" || type === "memberLostData")).toEqual([]);
      expect(await member.stop()).toBe(0);
    }
  },
  TEST_MS,
);

/** Lets a process write no further byte to any file, or as many as it likes. @returns whether that can be done here */
function limitFiles(pid: number, size: "0" | "unlimited"): boolean {
  // The hard limit stays, so that the soft one can go up again.
  return spawnSync("prlimit", ["--pid", String(pid), `--fsize=${size}:unlimited`]).status === 0;
}

test(
  "a leader whose disk is full steps aside, and comes back without a restart",
  async ({ skip }) => {
    cluster = await ProcessCluster.found("TCP");
    if (!limitFiles(process.pid, "unlimited")) {
      process.stdout.write("skipped: the size of files of a process cannot be limited here\n");
      return skip();
    }
    await cluster.startAll();
    const load = new Load(() => cluster!.connect(), PAUSE_MS);
    const watching = cluster.connect();
    await load.goesOn();
    const full = await cluster.leader(watching);
    const member = cluster.members.get(full)!;
    limitFiles(member.child.pid!, "0");
    await member.line("storageTrouble", "type");
    await expect.poll(() => cluster!.leader(watching), { timeout: CALL_MS }).not.toBe(full);
    await load.goesOn();
    limitFiles(member.child.pid!, "unlimited");
    await member.line("storageWell", "type");
    const last = async (id: number): Promise<number> =>
      (await watching.status(cluster!.addresses[id - 1]!, { timeoutMs: CALL_MS })).stored;
    const then = await last(await cluster.leader(watching));
    await expect.poll(() => last(full), { timeout: CALL_MS }).toBeGreaterThanOrEqual(then);
    await load.end(watching);
    for (const one of cluster.members.values()) expect(await one.stop()).toBe(0);
  },
  TEST_MS,
);
