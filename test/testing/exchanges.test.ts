/** HTTP exchanges in simulations: late, lost, repeated and cut; in traces, scripts and under a fuzzer. */
import { describe, expect, it } from "vitest";
import { readTrace, replayTrace, type Event, type Effect, type Machine } from "../../src/machine/index.js";
import {
  checkScript,
  fuzzMachine,
  NO_FAULTS,
  Simulation,
  simulate,
  type Faults,
  type SimulationCall,
} from "../../src/testing/index.js";
import { WebClient, WebServer, WebStatus, type WebCall, type WebOutcome } from "../host/exchange-machines.js";

const ORIGIN = "http://server:80";

function world(run: number, faults: Partial<Faults>) {
  const simulation = new Simulation({ run, faults: { ...NO_FAULTS, ...faults }, traced: true });
  const server = new WebServer();
  const serving = simulation.host("server", () => server, { listen: "server:80", machine: "server" });
  const client = simulation.host("client", () => new WebClient(), { machine: "client" });
  const ask = (request: Partial<WebCall> = {}): SimulationCall<WebOutcome> =>
    client.call({ origin: ORIGIN, method: "POST", path: "/echo", ...request });
  const logOf = (call: SimulationCall<WebOutcome>) =>
    call.outcome?.ok === true ? call.outcome.value.log.at(-1) : "open";
  return { simulation, server, serving, client, ask, logOf };
}

describe("the faults of exchanges", () => {
  it("refuse requests of which the server sees nothing", () => {
    const { simulation, server, ask, logOf } = world(1, { exchangeRefuseRate: 1 });
    const call = ask();
    simulation.runFor(100);
    expect([logOf(call), server.seen.length]).toEqual(["unanswered, not sent", 0]);
  });

  it("cut exchanges before and after the server has acted", () => {
    const { simulation, server, ask, logOf } = world(1, { exchangeCutRate: 1 });
    const calls = Array.from({ length: 50 }, () => ask());
    simulation.runFor(100);
    expect(new Set(calls.map(logOf))).toEqual(new Set(["unanswered, sent"]));
    expect(server.seen.length).toBeGreaterThan(10);
    expect(server.seen.length).toBeLessThan(40);
  });

  it("lose requests and answers without a word", () => {
    const { simulation, server, ask, logOf } = world(1, { exchangeLossRate: 1 });
    const calls = Array.from({ length: 50 }, () => ask());
    simulation.runFor(5_000);
    expect(new Set(calls.map(logOf))).toEqual(new Set(["open"]));
    expect(server.seen.length).toBeGreaterThan(10);
    expect(server.seen.length).toBeLessThan(40);
  });

  it("repeat requests, each of which is answered once", () => {
    const { simulation, server, ask, logOf } = world(1, { exchangeRepeatRate: 1 });
    const calls = Array.from({ length: 10 }, () => ask());
    simulation.runFor(100);
    expect(new Set(calls.map(logOf))).toEqual(new Set(["answered"]));
    expect(server.seen).toHaveLength(20);
  });

  it("keep a request waiting while its host is cut off", () => {
    const { simulation, ask, logOf } = world(1, {});
    simulation.partition("server");
    const call = ask();
    simulation.runFor(1_000);
    expect(logOf(call)).toBe("open");
    simulation.heal();
    simulation.runFor(100);
    expect(logOf(call)).toBe("answered");
  });

  it("end exchanges whose host crashes, on either side", () => {
    const { simulation, server, serving, client, ask, logOf } = world(1, {});
    const [one] = [ask({ path: "/hang" }), simulation.runFor(100)];
    serving.crash();
    simulation.runFor(100);
    expect(logOf(one)).toBe("unanswered, sent");
    expect(logOf(ask())).toBe("open");
    simulation.runFor(100);
    serving.restart();
    ask({ path: "/hang" });
    simulation.runFor(100);
    client.crash();
    simulation.runFor(100);
    expect(server.abandoned).toBe(1);
  });

  it("are drawn like others, and repeat", async () => {
    const ends = new Set<string | undefined>();
    await simulate("exchanges end", { runs: 40 }, (simulation) => {
      simulation.host("server", () => new WebServer(), { listen: "server:80", mayCrash: true });
      const client = simulation.host("client", () => new WebClient());
      const calls = Array.from({ length: 20 }, () =>
        client.call({ origin: ORIGIN, method: "POST", path: "/echo" }, Infinity),
      );
      simulation.runFor(20_000);
      for (const { outcome } of calls) ends.add(outcome?.ok === true ? outcome.value.log.at(-1) : undefined);
    });
    expect(ends).toEqual(new Set(["answered", "unanswered, sent", "unanswered, not sent", undefined]));
  });
});

describe("exchanges in traces", () => {
  it("are replayed on both sides, with bodies that are borrowed", () => {
    const { simulation, ask } = world(3, { exchangeCutRate: 0.3, exchangeRefuseRate: 0.2, delayMsMax: 10 });
    for (let i = 0; i < 20; i++) ask({ body: Uint8Array.of(i), headers: { "x-echo": String(i) } });
    ask({ path: "/hang", abort: "when sent" });
    simulation.runFor(1_000);
    const replays = replayTrace(readTrace(simulation.trace), {
      server: () => new WebServer(),
      client: () => new WebClient() as Machine<never>,
    });
    expect(replays.map(({ host, difference }) => [host, difference])).toEqual([
      ["server", undefined],
      ["client", undefined],
    ]);
    expect(replays[1]!.effects).toBeGreaterThan(40);
  });

  it("are refused where a field is missing", () => {
    const line = (event: object) => `{"trace":1,"machine":"x","run":0}\n${JSON.stringify({ nowMs: 0, event })}\n`;
    expect(() => readTrace(line({ type: "answered", exchange: -1, status: 200, headers: {} }))).toThrow(
      /body of type bytes/,
    );
    expect(() => readTrace(line({ type: "unanswered", exchange: -1, error: {} }))).toThrow(/sent of type boolean/);
  });
});

it("exchanges are lines of scripts", () => {
  checkScript(new URL("exchanges.script", import.meta.url), () => new WebClient());
});

describe("exchanges under a fuzzer", () => {
  it("are answered, fail and come in", () => {
    const asked = fuzzMachine(() => new WebStatus(), {
      runs: 100,
      requests: [{ origin: ORIGIN, method: "POST", path: "/", body: Uint8Array.of(1) }],
      answer: ({ body }) => ({ status: 200, ...(body && { body }) }),
    });
    expect(asked.settled).toBeGreaterThan(100);
    const request = { method: "GET", path: "/echo", headers: {}, body: new Uint8Array(3) };
    expect(fuzzMachine(() => new WebServer(), { runs: 50, httpRequests: [request] }).sent).toBeGreaterThan(0);
  });

  it("fault a machine that breaks their rules", () => {
    class Bad implements Machine<never, never, never> {
      step(event: Event<never>, _nowMs: number, out: Effect<never, never>[]): void {
        if (event.type !== "requested") return;
        out.push({ type: "request", exchange: -1, origin: ORIGIN, method: "GET", path: "/" });
        out.push({ type: "respond", exchange: -1, status: 200 });
      }
      nextWakeMs(): number {
        return Infinity;
      }
    }
    const request = { method: "GET", path: "/", headers: {}, body: new Uint8Array(0) };
    expect(() => fuzzMachine(() => new Bad(), { runs: 50, httpRequests: [request] })).toThrow(/respond.exchange/);
  });
});
