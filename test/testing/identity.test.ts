/** Identities in simulations and traces: machines that name the server they expect, and check who calls. */
import { describe, expect, it } from "vitest";
import type { WireIssue } from "../../src/errors.js";
import type { ExpectedServer, PeerIdentity } from "../../src/identity.js";
import {
  countDown,
  readTrace,
  replayTrace,
  type Effect,
  type Event,
  type Machine,
  type Millis,
} from "../../src/machine/index.js";
import { NO_FAULTS, Simulation, type SimulatedHostOptions } from "../../src/testing/index.js";

/** Sends each peer the common name that it proved, or nothing. */
class Greeter implements Machine<never, never, never> {
  readonly halfOpen = true;
  step(event: Event<never>, _nowMs: Millis, out: Effect<never, never>[]): void {
    if (event.type !== "opened") return;
    const { link, identity } = event;
    if (identity?.commonName !== undefined) {
      out.push({ type: "write", link, bytes: new TextEncoder().encode(identity.commonName) });
    }
    out.push({ type: "shut", link });
  }
  nextWakeMs(): Millis {
    return Infinity;
  }
}

interface Question {
  readonly peer: string;
  readonly server?: ExpectedServer;
}

interface Answer {
  readonly opened?: PeerIdentity | "anonymous";
  readonly greeting: string;
  readonly error?: WireIssue;
}

/** Settles with the identity that the server proved, its greeting, and how the link closed. */
class Caller implements Machine<Question, Answer, never> {
  readonly #nextLink = countDown();
  #id = 0;
  #answer: Answer = { greeting: "" };
  step(event: Event<Question>, _nowMs: Millis, out: Effect<Answer, never>[]): void {
    if (event.type === "call") {
      this.#id = event.id;
      this.#answer = { greeting: "" };
      out.push({ type: "connect", link: this.#nextLink(), ...event.request });
    } else if (event.type === "opened") {
      this.#answer = { ...this.#answer, opened: event.identity ?? "anonymous" };
    } else if (event.type === "bytes") {
      this.#answer = { ...this.#answer, greeting: this.#answer.greeting + new TextDecoder().decode(event.bytes) };
    } else if (event.type === "closed") {
      const error = event.error;
      out.push({ type: "settle", id: this.#id, value: { ...this.#answer, ...(error && { error }) } });
    }
  }
  nextWakeMs(): Millis {
    return Infinity;
  }
}

const SERVER: PeerIdentity = {
  commonName: "the server",
  dnsNames: ["server", "*.example.org"],
  ipAddresses: [],
  uris: [],
  sha256: "5e".repeat(32),
};
const CLIENT: PeerIdentity = { ...SERVER, commonName: "the client", dnsNames: [], sha256: "c1".repeat(32) };

/** Asks once, and replays both machines from the trace. */
function ask(question: Question, server: SimulatedHostOptions = {}, client: SimulatedHostOptions = {}): Answer {
  const simulation = new Simulation({ run: 1, faults: NO_FAULTS, traced: true });
  simulation.host("server", () => new Greeter(), { listen: "server:7000", ...server });
  const caller = simulation.host("client", () => new Caller(), client);
  const call = caller.call(question, 5_000);
  simulation.runUntil(() => call.outcome !== undefined, 5_000);
  const text = simulation.trace;
  const replays = [...replayTrace(readTrace(text), { server: () => new Greeter(), client: () => new Caller() })];
  expect(replays.map(({ difference }) => difference)).toEqual(replays.map(() => undefined));
  expect(replays.some(({ effects }) => effects > 0)).toBe(true);
  if (call.outcome?.ok !== true) throw new Error(`not answered: ${JSON.stringify(call.outcome)}`);
  return call.outcome.value;
}

const PEER = "server:7000";

describe("a simulated server with an identity", () => {
  it("proves it, and hears who calls", () => {
    const answer = ask({ peer: PEER }, { identity: SERVER }, { identity: CLIENT });
    expect(answer).toEqual({ opened: SERVER, greeting: "the client" });
  });

  it("is called by anonymous clients", () => {
    expect(ask({ peer: PEER }, { identity: SERVER })).toEqual({ opened: SERVER, greeting: "" });
  });

  it.each<ExpectedServer>([{ hostName: "a.example.org" }, { sha256: SERVER.sha256 }, { hostName: "server" }])(
    "is the one expected as %j",
    (server) => expect(ask({ peer: PEER, server }, { identity: SERVER }).opened).toEqual(SERVER),
  );

  it.each<[ExpectedServer, string]>([
    [{ hostName: "other" }, "wrong-name"],
    [{ commonName: "the server" }, "wrong-name"],
    [{ sha256: CLIENT.sha256 }, "wrong-fingerprint"],
  ])("is not the one expected as %j", (server, actual) => {
    const answer = ask({ peer: PEER, server }, { identity: SERVER });
    expect(answer).toEqual({
      greeting: "",
      error: { code: "certificate", format: "simulation", path: PEER, actual },
    });
  });

  it("must have the host of its address among its names, where nobody else is expected", () => {
    const { error } = ask({ peer: PEER }, { identity: { ...SERVER, dnsNames: ["elsewhere"] } });
    expect(error).toMatchObject({ code: "certificate", actual: "wrong-name" });
  });
});

describe("a simulated server without an identity", () => {
  it("is refused by a link that expects one", () => {
    const { opened, error } = ask({ peer: PEER, server: { hostName: "server" } });
    expect([opened, error]).toMatchObject([undefined, { code: "certificate", actual: "missing" }]);
  });

  it("does not hear who calls", () => {
    expect(ask({ peer: PEER }, {}, { identity: CLIENT })).toEqual({ opened: "anonymous", greeting: "" });
  });
});

it.each([
  '{"nowMs":0,"event":{"type":"opened","link":1,"peer":"a:1","identity":"x"}}',
  '{"nowMs":0,"effect":{"type":"connect","link":-1,"peer":"a:1","server":7}}',
])("a trace with an identity of another type is refused: %s", (line) => {
  const header = '{"trace":1,"machine":"m","run":0}';
  expect(() => readTrace(`${header}\n${line}\n`)).toThrow(/identity|server/);
});
