/** Peers on sockets: transports, identities, bounds of calls, handlers that fail, traces. */
import dns from "node:dns/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { readTrace, replayTrace, traceWriter } from "../../../src/machine/index.js";
import { AnswerCode, Command, RPC_MACHINES, statusBody } from "../../../src/protocols/rpc/index.js";
import {
  createRpcClient,
  startRpcServer,
  type IncomingRequest,
  type RpcBody,
  type RunningRpcClient,
} from "../../../src/protocols/rpc/node.js";
import type { LogEntry } from "../../../src/host/index.js";
import { memory, tcp, tls, udp, type TlsOptions } from "../../../src/transport/index.js";
import { WireError } from "../../../src/errors.js";
import { newAuthority } from "../../transport/certificates.js";
import { memoryValues } from "./harness.js";

vi.mock("node:dns/promises", { spy: true });

const running: RunningRpcClient[] = [];
afterEach(() => Promise.all(running.splice(0).map((peer) => peer.stop())));
const kept = <T extends RunningRpcClient>(peer: T): T => (running.push(peer), peer);

const ID = new Uint8Array(20).fill(7);
const KEY = Uint8Array.of(1, 2, 3);
const never = (): Promise<undefined> => new Promise(() => {});

describe("a transport", () => {
  const inMemory = memory();
  it.each([
    ["TCP", tcp, "stream", "127.0.0.1:0"],
    ["UDP", udp, "datagram", "127.0.0.1:0"],
    ["UDP over IPv6", udp, "datagram", "[::1]:0"],
    ["memory, by streams", () => inMemory, "stream", "127.0.0.1:1"],
    ["memory, by datagrams", () => inMemory, "datagram", "127.0.0.1:2"],
  ] as const)("carries every call: %s", async (_, transport, via, listen) => {
    const server = kept(await startRpcServer({ transport: transport(), listen, id: ID, values: memoryValues() }));
    const client = kept(createRpcClient({ transport: transport(), via }));
    expect((await client.ping(server.address)).id).toEqual(ID);
    expect(await client.store(server.address, KEY, ID)).toBe(true);
    expect(await client.store(server.address, KEY, ID)).toBe(false);
    expect(await client.get(server.address, KEY)).toEqual(ID);
    expect(await client.get(server.address, ID)).toBeUndefined();
  });

  it("of both chooses a datagram where the message fits, of a peer by its name too", async () => {
    const seen: (number | undefined)[] = [];
    const handlers = {
      [Command.STORE]: ({ origin }: IncomingRequest): RpcBody => (seen.push(origin.link), statusBody(AnswerCode.done)),
    };
    const server = kept(await startRpcServer({ handlers }));
    const client = kept(createRpcClient({ via: "auto" }));
    const peer = server.address.replace("127.0.0.1", "localhost");
    for (const bytes of [10, 2_000]) await client.store(peer, KEY, new Uint8Array(bytes));
    expect(seen).toEqual([undefined, 1]);
  });
});

describe("mutual TLS", () => {
  it("tells handlers who asks, and asks only who it expects", async () => {
    const authority = await newAuthority("authority");
    const own = async (commonName: string): Promise<TlsOptions> => ({
      ...(await authority.issue({ commonName, ip: ["127.0.0.1"] })),
      authorities: authority.certificate,
      mutual: true,
    });
    const handlers = {
      [Command.GET]: ({ origin }: IncomingRequest): RpcBody => ({
        command: Command.VALUE,
        value: new TextEncoder().encode(origin.identity?.commonName),
      }),
    };
    const server = kept(await startRpcServer({ transport: tls(await own("server")), handlers }));
    const client = kept(createRpcClient({ transport: tls(await own("client")) }));
    expect(new TextDecoder().decode(await client.get(server.address, KEY))).toBe("client");
    const other = { peer: server.address, server: { sha256: "00".repeat(32) } };
    await expect(client.ping(other)).rejects.toMatchObject({ code: "certificate" });
    const stranger = kept(createRpcClient({ transport: tls({ authorities: authority.certificate }) }));
    await expect(stranger.ping(server.address)).rejects.toMatchObject({ code: "credentials" });
  });
});

describe("a call", () => {
  it("ends by its timeout, its signal, the server's end, and a peer that is not there", async () => {
    const server = kept(await startRpcServer({ handlers: { [Command.GET]: never } }));
    const client = kept(createRpcClient());
    await expect(client.get(server.address, KEY, { timeoutMs: 20 })).rejects.toMatchObject({ code: "timeout" });
    const aborting = new AbortController();
    const aborted = client.get(server.address, KEY, { signal: aborting.signal });
    aborting.abort(new Error("no more"));
    await expect(aborted).rejects.toMatchObject({ code: "cancelled", cause: { message: "no more" } });
    const limits = { lingerTimeoutMs: 50 };
    const ending = await startRpcServer({ handlers: { [Command.GET]: never }, limits });
    const closed = client.get(ending.address, KEY).catch((error: unknown) => error);
    await client.ping(ending.address);
    await ending.stop();
    expect(await closed).toMatchObject({ code: "closed" });
    await expect(client.ping(ending.address)).rejects.toMatchObject({ code: "unreachable" });
    await expect(client.ping("not an address")).rejects.toMatchObject({ code: "argument" });
  });

  it.each([
    ["full", new WireError({ code: "limit", format: "values", path: "" })],
    ["refused", new WireError({ code: "argument", format: "values", path: "key" })],
    ["failed", new Error("a secret that stays here")],
  ])("ends as %s by what a handler throws", async (actual, error) => {
    const fail = (): never => {
      throw error;
    };
    const server = kept(await startRpcServer({ values: { ...memoryValues(), put: fail } }));
    const client = kept(createRpcClient());
    const stored = client.store(server.address, KEY, ID);
    await expect(stored).rejects.toMatchObject({ code: "status", actual });
    await expect(client.store(server.address, KEY, ID)).rejects.not.toThrow(/secret/);
  });

  it("to a server that has left goes over a new link to the one that has come", async () => {
    const server = await startRpcServer();
    const client = kept(createRpcClient());
    await client.ping(server.address);
    await server.stop();
    const next = kept(await startRpcServer({ listen: server.address, id: ID }));
    expect((await client.ping(next.address)).id).toEqual(ID);
  });
});

describe("the lookup of a host name", () => {
  afterEach(() => void vi.mocked(dns.lookup).mockReset());

  it("that does not end is bounded by the call", async () => {
    vi.mocked(dns.lookup).mockImplementation(() => new Promise(() => {}));
    const client = kept(createRpcClient({ via: "datagram", limits: { callTimeoutMs: 30 } }));
    await expect(client.ping("name:9", { timeoutMs: 20 })).rejects.toMatchObject({ code: "timeout" });
    await expect(client.ping("name:9")).rejects.toMatchObject({ code: "timeout" });
    await expect(client.send("name:9", { command: 0 })).rejects.toMatchObject({ code: "timeout" });
    const cause = new Error("no more");
    const signal = AbortSignal.abort(cause);
    await expect(client.ping("name:9", { signal })).rejects.toMatchObject({ code: "cancelled", cause });
    const later = AbortSignal.timeout(20);
    await expect(client.ping("name:9", { signal: later, timeoutMs: Infinity })).rejects.toMatchObject({
      code: "cancelled",
    });
  });

  it("that fails says why by its code", async () => {
    vi.mocked(dns.lookup).mockRejectedValue(Object.assign(new Error("getaddrinfo"), { code: "ENOTFOUND" }));
    const client = kept(createRpcClient({ via: "datagram" }));
    const refusal = { code: "unreachable", actual: "ENOTFOUND" };
    await expect(client.ping("name:9", { timeoutMs: 5_000 })).rejects.toMatchObject(refusal);
  });
});

describe("bad input of a caller without types", () => {
  it.each<[string, unknown, unknown, string]>([
    ["no target", undefined, { command: 0 }, "target"],
    ["a target that is no object", 5, { command: 0 }, "target"],
    ["no peer", {}, { command: 0 }, "target.peer"],
    ["a peer that is no text", { peer: 5 }, { command: 0 }, "target.peer"],
    ["a peer that is no address", "nowhere", { command: 0 }, "target.peer"],
    ["a link that is none", { link: "1" }, { command: 0 }, "target.link"],
    ["an unknown way", { peer: "127.0.0.1:9", via: "post" }, { command: 0 }, "target.via"],
    ["a server that is none", { peer: "127.0.0.1:9", server: { sha256: 5 } }, { command: 0 }, "target.server"],
    ["no body", "127.0.0.1:9", undefined, "body"],
    ["a body that is no object", "127.0.0.1:9", "PING", "body"],
    ["a body without a command", "127.0.0.1:9", {}, "body.command"],
  ])("is refused, and ends nothing else: %s", async (_, target, body, path) => {
    const faults: unknown[] = [];
    const client = kept(createRpcClient({ onFault: (fault) => faults.push(fault) }));
    const server = kept(await startRpcServer({ handlers: { [Command.GET]: never } }));
    const other = client.ping(server.address);
    const refusal = { name: "WireError", code: "argument", path };
    await expect(client.request(target as string, body as RpcBody)).rejects.toMatchObject(refusal);
    await expect(client.send(target as string, body as RpcBody)).rejects.toMatchObject(refusal);
    await other;
    await client.ping(server.address);
    expect(faults).toEqual([]);
  });

  it("is refused: what answers does not ask", async () => {
    const client = kept(createRpcClient());
    const server = kept(await startRpcServer());
    for (const command of [Command.ACK, Command.NODES, Command.VALUE]) {
      const refusal = { code: "argument", path: "body.command" };
      await expect(client.request(server.address, { command })).rejects.toMatchObject(refusal);
    }
  });

  it.each<[unknown, string]>([
    [{ handlers: { PING: () => undefined } }, "handlers.PING"],
    [{ handlers: { 1: 5 } }, "handlers.1"],
    [{ values: { has: () => false, get: () => undefined } }, "values.put"],
    [{ resendMs: 500 }, "resendMs"],
  ])("is refused where a peer is made: %j", (options, path) => {
    expect(() => createRpcClient(options as object)).toThrow(expect.objectContaining({ code: "argument", path }));
  });
});

describe("a handler", () => {
  it.each<[string, () => unknown, string]>([
    [
      "throws",
      () => {
        throw new Error("why");
      },
      "Error: why",
    ],
    ["rejects", () => Promise.reject(new Error("why")), "Error: why"],
    ["answers without a command", () => ({}), "body.command"],
    ["answers what is no message", () => "text", "body"],
    ["answers what does not fit", () => ({ command: Command.VALUE, value: new Uint8Array(70_000) }), "65535"],
  ])("that %s fails the request at once, and the log says why", async (_, handler, why) => {
    const entries: LogEntry[] = [];
    const handlers = { [Command.GET]: handler as () => RpcBody };
    const server = kept(await startRpcServer({ handlers, log: (entry) => entries.push(entry) }));
    const client = kept(createRpcClient());
    await expect(client.get(server.address, KEY)).rejects.toMatchObject({ code: "status" });
    expect(entries.map(({ message }) => message)).toEqual(["a handler failed"]);
    expect(String(entries[0]!.fields?.error)).toContain(why);
  });

  it("may answer by a promise of any library", async () => {
    class Later {
      // eslint-disable-next-line unicorn/no-thenable
      then(done: (body: RpcBody) => void): void {
        done({ command: Command.VALUE, value: ID });
      }
    }
    const handlers = { [Command.GET]: () => new Later() as unknown as Promise<RpcBody> };
    const server = kept(await startRpcServer({ handlers }));
    expect(await kept(createRpcClient()).get(server.address, KEY)).toEqual(ID);
  });
});

it("stores the first of several values that come at once for a key", async () => {
  const server = kept(await startRpcServer({ values: memoryValues() }));
  const client = kept(createRpcClient());
  const stored = [1, 2, 3].map((n) => client.store(server.address, KEY, Uint8Array.of(n)));
  expect(await Promise.all(stored)).toEqual([true, false, false]);
  expect(await client.get(server.address, KEY)).toEqual(Uint8Array.of(1));
});

it("stores a value after one for the same key could not be stored", async () => {
  const { put, ...values } = memoryValues();
  let puts = 0;
  const failing = (key: Uint8Array, value: Uint8Array): void | Promise<void> => {
    if (puts++ === 0) throw new WireError({ code: "limit", format: "values", path: "" });
    return put(key, value);
  };
  const server = kept(await startRpcServer({ values: { ...values, put: failing } }));
  const client = kept(createRpcClient());
  const stored = [1, 2, 3].map((n) => client.store(server.address, KEY, Uint8Array.of(n)).catch(() => "failed"));
  expect(await Promise.all(stored)).toEqual(["failed", true, false]);
});

it("a trace of a server plays again", async () => {
  let text = "";
  const trace = traceWriter((line) => (text += line));
  const server = await startRpcServer({ trace, values: memoryValues(), id: ID });
  const client = kept(createRpcClient());
  await client.store(server.address, KEY, ID);
  await client.get(server.address, KEY);
  await server.stop();
  const [replay] = replayTrace(readTrace(text), RPC_MACHINES);
  expect(replay).toMatchObject({ host: "rpc" });
  expect(replay!.difference).toBeUndefined();
  expect(replay!.events).toBeGreaterThan(5);
});
