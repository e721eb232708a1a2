/** Machines that use streams and datagrams together. */
import { networkInterfaces } from "node:os";
import { afterEach, describe, expect, it } from "vitest";
import { run, type Host, type RunOptions } from "../../src/host/index.js";
import { readTrace, replay, traceWriter } from "../../src/machine/index.js";
import { simulate } from "../../src/testing/index.js";
import { combine, memory, tcp, udp, type Transport } from "../../src/transport/index.js";
import { EchoClient, EchoServer, type EchoRequest } from "../machine/echo.js";

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === "::1"));
const sockets = () => combine({ streams: tcp(), datagrams: udp() });
const worlds: [string, () => Transport, string][] = [
  ["TCP and UDP on IPv4", sockets, "127.0.0.1:0"],
  ["TCP and UDP on IPv6", sockets, "[::1]:0"],
  ["memory", () => memory(), "here:0"],
];

const hosts: { stop(): Promise<void> }[] = [];
afterEach(async () => void (await Promise.all(hosts.splice(0).map((host) => host.stop()))));

function server(transport: Transport, options: Partial<RunOptions> = {}): Host<never, never, never> {
  const host = run<never, never, never>(new EchoServer(), { transport, ...options });
  hosts.push(host);
  return host;
}

function client(transport: Transport, options: Partial<RunOptions> = {}, machine = new EchoClient()) {
  const host = run<EchoRequest, Uint8Array, never>(machine, { transport, ...options });
  hosts.push(host);
  return host;
}

/** The first byte tells calls apart. */
const said = (name: number, length: number) => new Uint8Array(length).fill(3, 1).fill(name, 0, 1);
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "none",
    ({ code }: { code: string }) => code,
  );

for (const [name, make, at] of worlds) {
  describe.skipIf(at.startsWith("[") && !hasIpv6)(`a machine that uses streams and datagrams, over ${name}`, () => {
    it("gets answers by both from one address", async () => {
      const transport = make();
      const peer = await server(transport).listen(at);
      const asker = client(transport);
      const lengths = [1, 100, 1_400, 1_401, 100_000, 12, 200_000];
      const answers = await Promise.all(lengths.map((length, i) => asker.call({ peer, bytes: said(i, length) })));
      answers.forEach((answer, i) => expect(Buffer.compare(answer, said(i, lengths[i]!))).toBe(0));
      expect(asker.droppedDatagrams).toBe(0);
    });

    it("repeats a request after a restart of the server at the same address", async () => {
      const transport = make();
      const first = server(transport);
      const peer = await first.listen(at);
      const asker = client(transport, {}, new EchoClient(1_400, 20));
      await asker.call({ peer, bytes: said(1, 10) });
      await first.stop();
      expect(await codeOf(asker.call({ peer, bytes: said(2, 2_000) }))).toBe("unreachable");
      const lost = asker.call({ peer, bytes: said(3, 10) });
      expect(await codeOf(asker.call({ peer, bytes: said(4, 10) }, { timeoutMs: 50 }))).toBe("timeout");
      const second = server(transport);
      expect(await second.listen(peer)).toBe(peer);
      expect(await lost).toEqual(said(3, 10));
      expect(await asker.call({ peer, bytes: said(5, 2_000) })).toEqual(said(5, 2_000));
    });

    it("gets no event for datagrams that its limits drop, which its host counts", async () => {
      const transport = make();
      const peer = await server(transport).listen(at);
      const machine = () => new EchoClient(70_000, 10_000);
      const asker = client(transport, { limits: { datagramBytesMax: 100 } }, machine());
      expect(await asker.call({ peer, bytes: said(1, 100) })).toEqual(said(1, 100));
      expect(await codeOf(asker.call({ peer, bytes: said(2, 101) }, { timeoutMs: 20 }))).toBe("timeout");
      expect(asker.droppedDatagrams).toBe(1);
      const narrow = client(transport, { limits: { datagramQueueBytesMax: 10 * (100 + 512) } }, machine());
      for (let i = 0; i < 1_000; i++) narrow.start({ peer, bytes: said(i, 100) }, Infinity, () => {});
      expect(narrow.droppedDatagrams).toBe(990);
      expect(narrow.fault).toBeUndefined();
      await narrow.kill();
    });
  });
}

describe("a machine that uses streams and datagrams", () => {
  it("works with one of them: datagrams are lost, or links unreachable", async () => {
    const [onlyStreams, onlyDatagrams] = [server(tcp()), server(udp())];
    const [streamsAt, datagramsAt] = [
      await onlyStreams.listen("127.0.0.1:0"),
      await onlyDatagrams.listen("127.0.0.1:0"),
    ];
    const [long, short] = [said(1, 2_000), said(2, 20)];
    const byStreams = client(tcp());
    expect(await byStreams.call({ peer: streamsAt, bytes: long })).toEqual(long);
    expect(await codeOf(byStreams.call({ peer: datagramsAt, bytes: short }, { timeoutMs: 20 }))).toBe("timeout");
    expect(byStreams.droppedDatagrams).toBeGreaterThan(0);
    const byDatagrams = client(udp());
    expect(await byDatagrams.call({ peer: datagramsAt, bytes: short })).toEqual(short);
    expect(await codeOf(byDatagrams.call({ peer: streamsAt, bytes: long }))).toBe("unreachable");
    for (const host of [onlyStreams, onlyDatagrams, byStreams, byDatagrams]) expect(host.fault).toBeUndefined();
  });

  it("writes a trace of both that replays", async () => {
    let trace = "";
    const transport = sockets();
    const peer = await server(transport).listen("127.0.0.1:0");
    const writer = traceWriter((line) => (trace += line), { machine: "echo", run: 0 });
    const asker = client(transport, { trace: writer });
    await Promise.all([10, 5_000].map((length, i) => asker.call({ peer, bytes: said(i, length) })));
    const read = readTrace(trace);
    expect(replay(() => new EchoClient(), read).difference).toBeUndefined();
    expect(replay(() => new EchoClient(0), read).difference).toBeDefined();
  });

  it("is answered correctly or not at all in a simulation, and always once healed", async () => {
    let answered = 0;
    const test = "is answered correctly or not at all in a simulation, and always once healed";
    await simulate(test, { runs: 60, file: import.meta.url }, (simulation) => {
      simulation.host("server", () => new EchoServer(), { listen: "server:7" });
      const asker = simulation.host("asker", () => new EchoClient());
      const ask = (i: number, timeoutMs: number) => {
        const bytes = said(i, simulation.random.between(1, 3_000));
        return { bytes, call: asker.call({ peer: "server:7", bytes }, timeoutMs) };
      };
      const calls = Array.from({ length: 10 }, (_, i) => ask(i, 1_000));
      simulation.runUntil(() => calls.every(({ call }) => call.outcome !== undefined), 2_000);
      for (const { bytes, call } of calls) {
        if (!call.outcome!.ok) continue;
        expect(call.outcome!.value).toEqual(bytes);
        answered++;
      }
      simulation.heal();
      const last = [ask(100, 10_000), ask(101, 10_000)];
      simulation.runUntil(() => last.every(({ call }) => call.outcome?.ok === true), 10_000);
    });
    expect(answered).toBeGreaterThan(300);
  });
});
