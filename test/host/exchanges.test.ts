/** The contract of HTTP exchanges, over each carrier: `node:https`, `node:http` and the simulator. */
import { afterEach, describe, expect, it } from "vitest";
import type { PeerIdentity } from "../../src/identity.js";
import type { Limits } from "../../src/limits.js";
import { run, type Host } from "../../src/host/index.js";
import { NO_FAULTS, Simulation } from "../../src/testing/index.js";
import { http, type HttpTransport } from "../../src/transport/index.js";
import { newAuthority } from "../transport/certificates.js";
import { WebClient, WebServer, type WebCall, type WebOutcome } from "./exchange-machines.js";

/** A server and a client that reaches it. */
interface Pair {
  readonly server: WebServer;
  readonly client: WebClient;
  readonly origin: string;
  /** An origin at which nobody listens. */
  readonly nobody: string;
  call(request: Partial<WebCall>): Promise<WebOutcome>;
  /** Runs until it is so. */
  until(condition: () => boolean): Promise<void>;
  stopServer(): Promise<void>;
  readonly serverFaulted: () => boolean;
}

interface Carrier {
  readonly name: string;
  readonly isSecure: boolean;
  readonly open: (limits: Partial<Limits>) => Promise<Pair>;
}

const authority = await newAuthority("authority");
const credentialsOf = async (commonName: string) => ({
  authorities: authority.certificate,
  ...(await authority.issue({ commonName, ip: ["127.0.0.1"] })),
});
const [ofServer, ofClient] = [await credentialsOf("the server"), await credentialsOf("the client")];

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const ignored = (): void => {};

async function onNode(
  limits: Partial<Limits>,
  scheme: string,
  ...sides: [HttpTransport, HttpTransport]
): Promise<Pair> {
  const [server, client] = [new WebServer(), new WebClient()];
  const serving = run(server, { transport: sides[0], limits, onFault: ignored });
  const calling: Host<WebCall, WebOutcome, never> = run(client, { transport: sides[1], limits });
  closing.push(
    () => calling.kill(),
    () => serving.kill(),
  );
  const address = await serving.listen("127.0.0.1:0");
  const gone = run(new WebServer(), { transport: sides[0] });
  const nobody = await gone.listen("127.0.0.1:0");
  await gone.stop();
  const origin = `${scheme}://${address}`;
  return {
    server,
    client,
    origin,
    nobody: `${scheme}://${nobody}`,
    call: (request) => calling.call({ origin, method: "GET", path: "/echo", ...request }),
    until: async (condition) => {
      await expect.poll(condition, { timeout: 5_000 }).toBe(true);
    },
    stopServer: () => serving.stop(),
    serverFaulted: () => serving.fault !== undefined,
  };
}

const identityOf = (commonName: string, digit: string): PeerIdentity => ({
  commonName,
  dnsNames: [],
  ipAddresses: ["127.0.0.1"],
  uris: [],
  sha256: digit.repeat(64),
});

async function simulated(limits: Partial<Limits>, isSecure: boolean): Promise<Pair> {
  const simulation = new Simulation({ run: 1, faults: { ...NO_FAULTS, delayMsMax: 5 }, limits });
  const [server, client] = [new WebServer(), new WebClient()];
  const listen = "127.0.0.1:443";
  const serving = simulation.host("127.0.0.1", () => server, {
    listen,
    mayFault: true,
    ...(isSecure && { identity: identityOf("the server", "5") }),
  });
  const calling = simulation.host("client", () => client, { identity: identityOf("the client", "c") });
  const scheme = isSecure ? "https" : "http";
  const origin = `${scheme}://${listen}`;
  return {
    server,
    client,
    origin,
    nobody: `${scheme}://127.0.0.1:444`,
    async call(request) {
      const call = calling.call({ origin, method: "GET", path: "/echo", ...request });
      simulation.runUntil(() => call.outcome !== undefined, 20_000);
      const { outcome } = call;
      if (!outcome!.ok) throw new Error(outcome!.error.code);
      return outcome!.value;
    },
    until: async (condition) => simulation.runUntil(condition, 20_000),
    async stopServer() {
      serving.stop();
      simulation.runUntil(() => !serving.isRunning, 20_000);
    },
    serverFaulted: () => serving.fault !== undefined,
  };
}

const carriers: readonly Carrier[] = [
  {
    name: "node:https",
    isSecure: true,
    open: (limits) => onNode(limits, "https", http({ ...ofServer, mutual: true }), http(ofClient)),
  },
  { name: "node:http", isSecure: false, open: (limits) => onNode(limits, "http", http({ plain: true }), http()) },
  { name: "the simulator, by TLS", isSecure: true, open: (limits) => simulated(limits, true) },
  { name: "the simulator", isSecure: false, open: (limits) => simulated(limits, false) },
];

const text = (s: string): Uint8Array => new TextEncoder().encode(s);

describe.each(carriers)("exchanges over $name", ({ isSecure, open }) => {
  const opened = (limits: Partial<Limits> = {}): Promise<Pair> => open(limits);

  it("carry a request and its answer, whole and as they are", async () => {
    const { call, server } = await opened();
    const path = "/echo/a%2Fb/%2e%2e/?q=%20&n=1";
    const answer = await call({ method: "POST", path, headers: { "x-echo": "heard" }, body: text("hello") });
    expect(answer).toMatchObject({ log: ["sent", "answered"], status: 200, body: "echo hello" });
    expect(answer.headers).toMatchObject({ "content-type": "text/plain", "x-echo": "heard" });
    expect(server.seen).toEqual([`POST ${path} hello`]);
    expect(server.headers[0]).toMatchObject({ "x-echo": "heard" });
  });

  it("know who asks, over TLS alone", async () => {
    const { call, server } = await opened();
    await call({});
    expect(server.identities.map((identity) => identity?.commonName)).toEqual([isSecure ? "the client" : undefined]);
  });

  it("answer with every status, and follow no redirect", async () => {
    const { call, server } = await opened();
    for (const status of [200, 204, 206, 404, 418, 500, 503]) {
      expect(await call({ path: `/status/${status}` })).toMatchObject({ log: ["sent", "answered"], status, body: "" });
    }
    expect(await call({ path: "/moved" })).toMatchObject({ status: 302, headers: { location: "/echo" } });
    expect(server.seen).toHaveLength(8);
  });

  it("lend bodies until the step is over", async () => {
    const { call, server, client } = await opened();
    await call({ method: "POST", body: text("hello") });
    expect(new TextDecoder().decode(server.bodies[0])).not.toContain("hello");
    expect(new TextDecoder().decode(client.kept)).not.toContain("hello");
  });

  it("refuse bodies that are coded, or longer than asked for", async () => {
    const { call } = await opened({ frameBytesMax: 100 });
    const refused = (code: string, actual: string) => ({ log: ["sent", "unanswered, sent"], error: { code, actual } });
    expect(await call({ path: "/coded" })).toMatchObject(refused("negotiation", "coded"));
    expect(await call({ path: "/bytes/10", bodyBytesMax: 9 })).toMatchObject(refused("limit", "body"));
    expect(await call({ path: "/bytes/10", bodyBytesMax: 10 })).toMatchObject({ status: 200 });
    expect(await call({ path: "/bytes/101" })).toMatchObject(refused("limit", "body"));
    expect(await call({ path: "/bytes/100" })).toMatchObject({ status: 200 });
  });

  it("answer a request that is too long with 413, and do not show it to the machine", async () => {
    const { call, server } = await opened({ frameBytesMax: 100 });
    expect(await call({ method: "POST", body: new Uint8Array(101) })).toMatchObject({ status: 413 });
    expect(server.seen).toEqual([]);
    expect(await call({ method: "POST", path: "/status/200", body: new Uint8Array(100) })).toMatchObject({
      status: 200,
    });
  });

  it("say that nothing was sent where nobody listens", async () => {
    const { call, nobody } = await opened();
    const error = { code: "unreachable", actual: "ECONNREFUSED" };
    expect(await call({ origin: nobody })).toMatchObject({ log: ["unanswered, not sent"], error });
  });

  it("send nothing to a server that is not the one expected", async () => {
    const { call, server } = await opened();
    const actual = isSecure ? "wrong-name" : "missing";
    const refused = { log: ["unanswered, not sent"], error: { code: "certificate", actual } };
    for (let i = 0; i < 2; i++) expect(await call({ server: { hostName: "other.example" } })).toMatchObject(refused);
    expect(server.seen).toEqual([]);
    if (!isSecure) return;
    expect(await call({ server: { hostName: "127.0.0.1" } })).toMatchObject({ status: 200 });
    // A connection that was verified for one server is not taken for another one.
    expect(await call({ server: { hostName: "other.example" } })).toMatchObject(refused);
    expect(await call({ server: { sha256: "00".repeat(32) } })).toMatchObject({
      error: { actual: "wrong-fingerprint" },
    });
  });

  it("say that a request was sent whose connection breaks", async () => {
    const { call, server } = await opened();
    const error = { code: "closed", actual: "ECONNRESET" };
    expect(await call({ method: "POST", path: "/cut" })).toMatchObject({ log: ["sent", "unanswered, sent"], error });
    expect(server.seen).toEqual(["POST /cut"]);
  });

  it("end without an event when they are aborted; the server hears of it", async () => {
    const { call, server, until } = await opened();
    expect(await call({ path: "/hang", abort: "at once" })).toMatchObject({ log: ["aborted"] });
    const before = server.seen.length;
    expect(await call({ path: "/hang", abort: "when sent" })).toMatchObject({ log: ["sent", "aborted"] });
    await until(() => server.abandoned === server.seen.length && server.seen.length >= before);
  });

  it("refuse what nobody can send", async () => {
    const { call } = await opened();
    for (const origin of ["", "localhost", "ftp://localhost", "https://localhost/path", "https://a:99999"]) {
      expect(await call({ origin })).toMatchObject({ log: ["unanswered, not sent"], error: { code: "argument" } });
    }
  });

  it("are bounded in number on both sides", async () => {
    const { call, server, until } = await opened({ exchangesMax: 1 });
    const hanging = call({ path: "/hang", abort: "when sent" });
    const second = await call({});
    // The simulator runs the first to its end before the second begins.
    if (second.error !== undefined) {
      expect(second).toMatchObject({ log: ["unanswered, not sent"], error: { code: "limit" } });
    }
    await hanging;
    await until(() => server.abandoned === server.seen.filter((line) => line.includes("hang")).length);
    expect(await call({})).toMatchObject({ status: 200 });
  });

  it("finish what is owed when the host stops", async () => {
    const { call, server, until, stopServer, origin } = await opened();
    if (origin.includes("127.0.0.1:443")) return;
    const waiting = call({ path: "/hang" });
    await until(() => server.hanging.length === 1);
    await stopServer();
    expect(await waiting).toMatchObject({ status: 200, body: "late" });
    expect((await call({})).log.at(-1)).toBe("unanswered, not sent");
  });

  it("break when their machine faults", async () => {
    const { call, serverFaulted } = await opened();
    expect(await call({ path: "/fault" })).toMatchObject({ error: { code: "closed" } });
    expect(serverFaulted()).toBe(true);
    expect(await call({})).toMatchObject({ error: { code: "closed" } });
  });
});
