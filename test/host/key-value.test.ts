/** Hosts with a key-value server and client; the clock and randomness of the platform. */
import { describe, expect, it, vi } from "vitest";
import { isWireError } from "../../src/errors.js";
import { run, systemClock, systemEnv, type Host, type RunOptions } from "../../src/host/index.js";
import { memoryDisk } from "../../src/storage/index.js";
import { readTrace, replay, traceWriter, type Machine } from "../../src/machine/index.js";
import { memory, tcp, type Transport } from "../../src/transport/index.js";
import {
  KeyValueClient,
  KeyValueServer,
  type KeyValueAnswer,
  type KeyValueRequest,
  type Planted,
} from "../machine/key-value.js";

const transports: [string, () => Transport, string][] = [
  ["TCP", () => tcp(), "127.0.0.1:0"],
  ["memory", () => memory({ segmentBytes: (n) => Math.min(n, 3) }), "here:0"],
];

type Client = Host<KeyValueRequest, KeyValueAnswer, never>;

async function start(transport: Transport, at: string, planted: Planted = {}, options: Partial<RunOptions> = {}) {
  const server = run(() => new KeyValueServer(planted), { transport, disk: memoryDisk(), ...options });
  const address = await server.listen(at);
  const client: Client = run((env) => new KeyValueClient(address, env), { transport });
  return { server, client, address };
}

const put = (key: string, ...value: number[]): KeyValueRequest => ({ kind: "put", key, value: Uint8Array.from(value) });
const get = (key: string): KeyValueRequest => ({ kind: "get", key });

const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable("it succeeded"),
    (error: unknown) => (isWireError(error) ? error : expect.unreachable(String(error))),
  );

describe.each(transports)("a key-value server and client over %s", (_name, open, at) => {
  it("store and return values, many at a time over one connection", async () => {
    const { server, client } = await start(open(), at);
    const stored: string[] = [];
    server.subscribe((key) => stored.push(key));
    const keys = Array.from({ length: 50 }, (_, i) => `key ${i}`);
    await Promise.all(keys.map((key, i) => client.call(put(key, i, i, i))));
    expect(await Promise.all(keys.map((key) => client.call(get(key))))).toEqual(
      keys.map((_, i) => Uint8Array.of(i, i, i)),
    );
    expect(await client.call(get("no such key"))).toBeUndefined();
    expect(stored.toSorted()).toEqual(keys.toSorted());
    expect([server.openLinks, client.openLinks]).toEqual([1, 1]);
    await Promise.all([client.stop(), server.stop()]);
    expect([server.openLinks, client.openLinks]).toEqual([0, 0]);
  });

  it("refuse an invalid timeout or signal, and go on", async () => {
    const { client } = await start(open(), at);
    for (const bounds of [
      { timeoutMs: NaN },
      { timeoutMs: -1 },
      { timeoutMs: "5" },
      { signal: {} },
      null,
      5,
    ] as never[]) {
      expect(await failureOf(client.call(get("k"), bounds))).toMatchObject({ code: "argument" });
    }
    expect(client.fault).toBeUndefined();
  });

  it("settle a call at its deadline, when it is aborted, and when the host ends", async () => {
    // The server's disk never answers.
    const disk = { load: () => {}, list: () => {}, store: () => {} };
    const { server, client } = await start(open(), at, {}, { disk, limits: { lingerTimeoutMs: 20 } });
    expect(await failureOf(client.call(get("k"), { timeoutMs: 20 }))).toMatchObject({ code: "timeout" });
    const reason = new Error("the user has left");
    const abort = new AbortController();
    const aborted = failureOf(client.call(get("k"), { signal: abort.signal }));
    abort.abort(reason);
    expect(await aborted).toMatchObject({ code: "cancelled", cause: reason });
    expect(await failureOf(client.call(get("k"), { signal: AbortSignal.abort(reason) }))).toMatchObject({
      code: "cancelled",
      cause: reason,
    });
    const pending = failureOf(client.call(get("k"), { timeoutMs: Infinity }));
    await client.kill();
    expect(await pending).toMatchObject({ code: "cancelled" });
    expect(await failureOf(client.call(get("k")))).toMatchObject({ code: "cancelled" });
    await server.stop();
  });

  it("finish open requests when the server stops", async () => {
    const kept = memoryDisk();
    let isAsked = (_store: () => void) => {};
    const asked = new Promise<() => void>((resolve) => (isAsked = resolve));
    const disk: RunOptions["disk"] = { ...kept, store: (...args) => isAsked(() => kept.store(...args)) };
    const { server, client } = await start(open(), at, {}, { disk });
    const call = client.call(put("k", 1));
    const store = await asked;
    const stopped = server.stop();
    store();
    expect(await call).toBeUndefined();
    await stopped;
    await client.stop();
  });

  it("survive a machine that faults: its links close, and its host goes on", async () => {
    const faults: unknown[] = [];
    const logs: string[] = [];
    const options = {
      onFault: (fault: Error) => faults.push(fault.cause),
      log: (e: { message: string }) => logs.push(e.message),
    };
    const { server, client } = await start(open(), at, { breaksOn: 66 }, options);
    expect(await client.call(put("k", 1))).toBeUndefined();
    expect(await failureOf(client.call(put("k", 66)))).toMatchObject({ code: "closed" });
    expect(faults).toMatchObject([{ message: "planted" }]);
    expect(logs).toEqual(["the machine faulted and is out of service"]);
    expect(server.fault).toMatchObject({ code: "fault", path: "bytes" });
    expect(await failureOf(client.call(get("k")))).toMatchObject({ code: "closed" });
    await Promise.all([client.stop(), server.stop()]);
  });

  it("say on standard error that a machine has faulted, once, unless someone else hears of it", async () => {
    const printed: string[] = [];
    const spy = vi.spyOn(console, "error").mockImplementation((line: string) => void printed.push(line));
    try {
      for (const options of [{ log: () => {} }, { onFault: () => {} }, {}]) {
        expect(printed).toEqual([]);
        const { server, client } = await start(open(), at, { breaksOn: 66 }, options);
        expect(await failureOf(client.call(put("k", 66)))).toMatchObject({ code: "closed" });
        expect(await failureOf(client.call(put("k", 66)))).toMatchObject({ code: "closed" });
        await Promise.all([client.stop(), server.stop()]);
      }
    } finally {
      spy.mockRestore();
    }
    expect(printed).toHaveLength(1);
    expect(printed[0]).toMatch(/^specwire: .*fault/);
    expect(printed[0]).toMatch(/\nError: planted\n +at /);
  });

  it("write traces that replay", async () => {
    const transport = open();
    const lines: { server: string; client: string } = { server: "", client: "" };
    const trace = (machine: "server" | "client") =>
      traceWriter((line) => (lines[machine] += line), { machine, run: 0 });
    const { server, address } = await start(transport, at, {}, { trace: trace("server") });
    const build = (env: typeof systemEnv) => new KeyValueClient(address, env);
    const client: Client = run(build, { transport, trace: trace("client") });
    for (let i = 0; i < 10; i++) await client.call(put(`k${i % 3}`, i));
    const abort = new AbortController();
    const aborted = failureOf(client.call(get("k0"), { signal: abort.signal }));
    abort.abort();
    expect(await aborted).toMatchObject({ code: "cancelled" });
    expect(await client.call(get("k0"))).toEqual(Uint8Array.of(9));
    await Promise.all([client.stop(), server.stop()]);
    const played = [
      replay(() => new KeyValueServer(), readTrace(lines.server)),
      replay(build, readTrace(lines.client)),
    ];
    for (const { events, effects, difference } of played) {
      expect([events > 20, effects > 20, difference]).toEqual([true, true, undefined]);
    }
    const other = replay((env) => new KeyValueClient("elsewhere:1", env), readTrace(lines.client));
    expect(other.difference).toMatchObject({ expected: expect.stringContaining('"connect"') });
  });
});

describe("borrowed bytes", () => {
  it("damage the data of a server that stores a view of them", async () => {
    const disk = memoryDisk();
    const { server, client } = await start(memory(), "here:0", { keepsBorrowed: true }, { disk });
    await client.call(put("k", 1, 2, 3));
    const stored = await new Promise<Uint8Array>((resolve) =>
      disk.load({ key: "k" }, (outcome) => resolve(outcome.ok ? outcome.value.bytes!.slice(2) : new Uint8Array(0))),
    );
    expect(stored).toEqual(Uint8Array.of(0xdb, 0xdb, 0xdb));
    await Promise.all([server.stop(), client.stop()]);
  });
});

describe("a peer that sends requests and does not read", () => {
  it("is not read from, so that memory stays bounded", async () => {
    // Every byte is answered by 64 KiB; the client takes none of it.
    const answer = (): Machine<never, never, never> => ({
      step(event, _nowMs, out) {
        if (event.type === "bytes") out.push({ type: "write", link: event.link, bytes: new Uint8Array(64 << 10) });
        if (event.type === "congested" || event.type === "drained") told.push(event.type);
      },
      nextWakeMs: () => Infinity,
    });
    const told: string[] = [];
    let taken = 0;
    const transport = memory({ segmentBytes: (n) => Math.min(n, 64 << 10) });
    const server = run(answer, { transport, limits: { writeQueueBytesMax: 256 << 10 } });
    const address = await server.listen("here:0");
    const endpoint = transport.open({ accepted: () => undefined, datagram: () => {} });
    const take = (piece: Uint8Array) => void (taken += piece.length);
    const handler = { opened() {}, bytes: take, drained() {}, ended() {}, closed() {} };
    const link = endpoint.connect(address, handler);
    link.pause();
    for (let i = 0; i < 100; i++) {
      link.write(Uint8Array.of(i));
      await Promise.resolve();
      await Promise.resolve();
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(told).toEqual(["congested"]);
    // What the server has not read waits with the sender.
    expect(link.queuedBytes).toBeGreaterThan(80);
    link.resume();
    while (!told.includes("drained")) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(taken).toBeGreaterThanOrEqual(256 << 10);
    await endpoint.close();
    await server.kill();
  });
});

describe("datagrams", () => {
  it("reach the listening machine, and its answer reaches the sender", async () => {
    const transport = memory();
    const echo = (): Machine<never, never, never> => ({
      step(event, _nowMs, out) {
        if (event.type === "datagram") out.push({ type: "datagram", peer: event.peer, bytes: event.bytes.slice() });
      },
      nextWakeMs: () => Infinity,
    });
    const asker = (): Machine<string, number, never> => {
      const waiting: number[] = [];
      return {
        step(event, _nowMs, out) {
          if (event.type === "call") {
            waiting.push(event.id);
            out.push({ type: "datagram", peer: event.request, bytes: Uint8Array.of(77) });
          } else if (event.type === "datagram") {
            out.push({ type: "settle", id: waiting.shift()!, value: event.bytes[0]! });
          }
        },
        nextWakeMs: () => Infinity,
      };
    };
    const server = run(echo, { transport });
    const client = run(asker, { transport });
    const address = await server.listen("here:0");
    expect(await Promise.all([client.call(address), client.call(address)])).toEqual([77, 77]);
    await Promise.all([client.stop(), server.stop()]);
  });
});

describe("the system's environment", () => {
  it("draws any number of bytes, also more than the platform draws at once", () => {
    expect(systemEnv.random(0)).toHaveLength(0);
    const long = systemEnv.random(200_000);
    expect(long).toHaveLength(200_000);
    // 64 bytes of zero in a row come once in 2^512 draws.
    for (let at = 0; at < long.length; at += 20_000)
      expect(long.subarray(at, at + 64).some((byte) => byte > 0)).toBe(true);
    expect(systemEnv.random(16)).not.toEqual(systemEnv.random(16));
  });

  it("has a wall clock in nanoseconds", () => {
    const before = BigInt(Date.now());
    const stamp = systemEnv.unixNs() / 1_000_000n;
    expect(stamp >= before && stamp <= BigInt(Date.now())).toBe(true);
  });

  it("calls an action after its delay, and not if it is cancelled", async () => {
    const called: string[] = [];
    systemClock.after(5, () => called.push("cancelled"))();
    // Longer than a timer of the platform can wait: it must not ring at once.
    const cancel = systemClock.after(2 ** 40, () => called.push("in 35 years"));
    await new Promise<void>((resolve) => systemClock.after(10, resolve));
    cancel();
    expect(called).toEqual([]);
  });
});
