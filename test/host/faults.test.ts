/** What a host does when its machine faults: it stays down, starts a fresh machine, or ends the process. */
import { spawnSync } from "node:child_process";
import { buildSync } from "esbuild";
import { afterEach, describe, expect, it, vi } from "vitest";
import { own } from "../../src/bytes/index.js";
import type { WireError, WireIssue } from "../../src/errors.js";
import { run, type FaultPolicy, type RunOptions } from "../../src/host/index.js";
import {
  readTrace,
  replayTrace,
  traceWriter,
  type Effect,
  type Env,
  type Event,
  type Machine,
} from "../../src/machine/index.js";
import { memory } from "../../src/transport/index.js";
import { VirtualClock } from "../../src/testing/index.js";
import { issueOf } from "../support/issue-of.js";

/** Settles a call with how many it has had, emits that, and throws for "throw". Echoes bytes. */
class Counter implements Machine<string, number, number> {
  #count = 0;
  readonly drawn: Uint8Array;
  constructor(env: Env) {
    this.drawn = env.random(4);
  }
  step(event: Event<string>, _nowMs: number, out: Effect<number, number>[]): void {
    if (event.type === "bytes") out.push({ type: "write", link: event.link, bytes: own(event.bytes) });
    if (event.type === "bound") out.push({ type: "emit", event: -1 });
    if (event.type === "failed") out.push({ type: "emit", event: -2 });
    if (event.type !== "call") return;
    if (event.request === "throw") throw new Error("planted");
    if (event.request === "wait") return;
    if (event.request === "bind") out.push({ type: "bind", op: 1, local: "127.0.0.1:9" });
    this.#count++;
    out.push({ type: "emit", event: this.#count }, { type: "settle", id: event.id, value: this.#count });
  }
  nextWakeMs(): number {
    return Infinity;
  }
}

const restarts: FaultPolicy = { restartsMax: 2, withinMs: 1_000 };
const failureOf = async (call: Promise<unknown>): Promise<WireIssue> =>
  call.then(
    () => expect.fail("the call succeeded"),
    (error: WireIssue) => error,
  );

function start(
  options: Partial<RunOptions> = {},
  build: (env: Env) => Machine<string, number, number> = (env) => new Counter(env),
) {
  const faults: WireError[] = [];
  const logs: string[] = [];
  const clock = new VirtualClock();
  const host = run<string, number, number>(build, {
    transport: memory(),
    clock,
    onFault: (fault) => faults.push(fault),
    log: ({ message }) => logs.push(message),
    ...options,
  });
  return { host, faults, logs, clock };
}

afterEach(() => vi.restoreAllMocks());

describe("a host whose machine faults", () => {
  it("goes on without it by default, and says so once", async () => {
    const { host, faults, logs } = start();
    expect(await failureOf(host.call("throw"))).toMatchObject({ code: "fault" });
    expect(await failureOf(host.call("count"))).toMatchObject({ code: "fault" });
    expect([faults.length, host.restarts, host.fault?.code]).toEqual([1, 0, "fault"]);
    expect(logs).toEqual(["the machine faulted and is out of service"]);
    await host.stop();
  });

  it("starts a fresh machine: what was open settles with the fault, listeners stay, and memory is gone", async () => {
    const { host, faults, logs } = start({ faultPolicy: restarts });
    const heard: number[] = [];
    const unsubscribe = host.subscribe((count) => heard.push(count));
    expect([await host.call("count"), await host.call("count")]).toEqual([1, 2]);
    const waiting = failureOf(host.call("wait"));
    expect(await failureOf(host.call("throw"))).toMatchObject({ code: "fault" });
    expect(await waiting).toMatchObject({ code: "fault" });
    expect(await host.call("count")).toBe(1);
    expect([faults.length, host.restarts, host.fault]).toEqual([1, 1, undefined]);
    expect(logs).toEqual(["the machine faulted and is out of service", "the machine was restarted"]);
    unsubscribe();
    await host.call("count");
    expect(heard).toEqual([1, 2, 1]);
    await host.stop();
    expect(await failureOf(host.call("count"))).toMatchObject({ code: "cancelled" });
  });

  it("restarts no more often than it may, and again when that time has passed", async () => {
    const { host, clock } = start({ faultPolicy: restarts });
    for (let i = 0; i < 2; i++) await failureOf(host.call("throw"));
    clock.runTo(1_000);
    // Both have passed out of the window.
    for (let i = 0; i < 2; i++) await failureOf(host.call("throw"));
    expect([host.restarts, await host.call("count")]).toEqual([4, 1]);
    await failureOf(host.call("throw"));
    expect(await failureOf(host.call("count"))).toMatchObject({ code: "fault" });
    expect(host.restarts).toBe(4);
    await host.kill();
  });

  it("counts a machine that cannot be built again as one that faults", async () => {
    let builds = 0;
    const { host, faults, clock } = start({ faultPolicy: restarts }, (env) => {
      if (++builds > 1) throw new Error("no machine");
      return new Counter(env);
    });
    await failureOf(host.call("throw"));
    clock.runTo(10);
    expect(faults.map(({ cause }) => (cause as Error).message)).toEqual(["planted", "no machine", "no machine"]);
    expect(await failureOf(host.call("count"))).toMatchObject({ code: "fault" });
    await host.kill();
  });

  it("closes the links of the former machine, and serves new ones at the same address", async () => {
    const network = memory();
    const { host } = start({ faultPolicy: restarts, transport: network });
    const address = await host.listen("127.0.0.1:7");
    const heard: string[] = [];
    const dial = () => {
      const endpoint = network.open({ accepted: () => undefined, datagram: () => {} }, {} as never);
      return endpoint.connect(address, {
        opened: () => heard.push("opened"),
        bytes: (bytes) => heard.push(`bytes ${bytes[0]}`),
        drained: () => {},
        ended: () => heard.push("ended"),
        closed: () => heard.push("closed"),
      });
    };
    const first = dial();
    first.write(Uint8Array.of(1));
    await vi.waitFor(() => expect(heard).toEqual(["opened", "bytes 1"]));
    await failureOf(host.call("throw"));
    await vi.waitFor(() => expect(heard.at(-1)).toBe("ended"));
    first.shut();
    await vi.waitFor(() => expect(heard.at(-1)).toBe("closed"));
    dial().write(Uint8Array.of(2));
    await vi.waitFor(() => expect(heard.at(-1)).toBe("bytes 2"));
    expect(host.openLinks).toBe(1);
    await host.kill();
    expect(host.openLinks).toBe(0);
  });

  it("frees an address that was being bound: the fresh machine can bind it", async () => {
    const { host } = start({ faultPolicy: restarts });
    const heard: number[] = [];
    host.subscribe((event) => heard.push(event));
    const bound = host.call("bind");
    const fault = failureOf(host.call("throw"));
    await Promise.all([bound, fault]);
    await host.call("count");
    await host.call("bind");
    await vi.waitFor(() => expect(heard).toEqual([1, 1, 2, -1]));
    await host.stop();
  });

  it("writes a trace that replays, restarts included", async () => {
    let text = "";
    const trace = traceWriter((line) => (text += line));
    const network = memory();
    const { host } = start({
      faultPolicy: restarts,
      transport: network,
      trace,
      traceStart: { machine: "counter" },
    });
    await host.call("count");
    await failureOf(host.call("throw"));
    await host.call("count");
    await host.stop();
    const machines = { counter: (_: unknown, env: Env) => new Counter(env) as Machine };
    const [played] = replayTrace(readTrace(text), machines);
    expect(played!.difference).toBeUndefined();
    expect(text.match(/"start"/g)).toHaveLength(2);
    expect(text.match(/"type":"stop"/g)).toHaveLength(1);
  });

  it("does not start another machine while it stops, or when `onFault` stops it", async () => {
    const { host } = start({ faultPolicy: restarts }, (env) => {
      const machine = new Counter(env);
      return {
        step: (event: Event<string>, nowMs: number, out: Effect<number, number>[]) => {
          if (event.type === "stop") throw new Error("planted");
          machine.step(event, nowMs, out);
        },
        nextWakeMs: () => Infinity,
      };
    });
    await host.stop();
    expect([host.restarts, host.fault?.code]).toEqual([0, "fault"]);
    let stopped: Promise<void> | undefined;
    const other = start({ faultPolicy: restarts, onFault: () => (stopped = other.host.stop()) });
    await failureOf(other.host.call("throw"));
    await stopped;
    expect(other.host.fault?.code).toBe("fault");
  });

  it("prints each fault once where nobody else hears of it", async () => {
    const printed: string[] = [];
    vi.spyOn(console, "error").mockImplementation((line: string) => void printed.push(line));
    const host = run<string, number, number>((env) => new Counter(env), {
      transport: memory(),
      faultPolicy: { restartsMax: 1, withinMs: 60_000 },
    });
    for (let i = 0; i < 3; i++) await failureOf(host.call("throw"));
    expect(printed.map((line) => line.split("\n")[1])).toEqual(["Error: planted", "Error: planted"]);
    await host.stop();
  });

  it.each([
    ["an uncaught exception with the stack of the fault", ""],
    ["one that `onFault` hears of first", "onFault: ({ cause }) => console.log(cause.message),"],
  ])("ends the process by %s, once the restarts are used up", (_, option) => {
    const contents = `
      import { run } from "./src/host/index.js";
      import { memory } from "./src/transport/index.js";
      const step = ({ type }) => {
        if (type === "call") throw new Error("planted");
      };
      const fail = () => ({ step, nextWakeMs: () => Infinity });
      const faultPolicy = { restartsMax: 1, withinMs: 60_000, afterwards: "end-process" };
      const host = run(fail, { transport: memory(), faultPolicy, log: () => {}, ${option} });
      await host.call("").catch(({ code }) => console.log(code));
      setTimeout(() => console.log("goes on"), 20_000);
      await host.call("").catch(() => {});
    `;
    const stdin = { contents, resolveDir: new URL("../../", import.meta.url).pathname };
    const bundle = buildSync({ stdin, bundle: true, write: false, platform: "node", format: "esm" });
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module"], {
      input: bundle.outputFiles[0]!.text,
      encoding: "utf8",
    });
    expect([status, stdout]).toEqual([1, option === "" ? "fault\n" : "planted\nfault\nplanted\n"]);
    expect(stderr.match(/WireError: .*fault/g)).toHaveLength(1);
    expect(stderr).toMatch(/Error: planted\n +at /);
  });

  it.each([
    ["faultPolicy", "explode"],
    ["faultPolicy", null],
    ["faultPolicy.restartsMax", { restartsMax: 0, withinMs: 1 }],
    ["faultPolicy.restartsMax", { restartsMax: NaN, withinMs: 1 }],
    ["faultPolicy.withinMs", { restartsMax: 1, withinMs: NaN }],
    ["faultPolicy.withinMs", { restartsMax: 1, withinMs: Infinity }],
    ["faultPolicy.afterwards", { restartsMax: 1, withinMs: 1, afterwards: "restart" }],
  ])("refuses a bad `%s`: %j", (path, faultPolicy) => {
    expect(issueOf(() => start({ faultPolicy: faultPolicy as FaultPolicy }))).toMatchObject({ code: "argument", path });
  });

  it("refuses to restart a machine that it cannot build", () => {
    const transport = memory();
    const machine = new Counter({ random: (n) => new Uint8Array(n), unixNs: () => 0n });
    expect(issueOf(() => run(machine, { transport, faultPolicy: restarts }))).toMatchObject({ path: "faultPolicy" });
  });
});
