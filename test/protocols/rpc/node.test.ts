/** Peers on sockets: transports, identities, bounds of calls, handlers that fail, traces. */
import { afterEach, describe, expect, it } from "vitest";
import { readTrace, replayTrace, traceWriter } from "../../../src/machine/index.js";
import { AnswerCode, Command, RPC_MACHINES, statusBody } from "../../../src/protocols/rpc/index.js";
import {
  createRpcClient,
  startRpcServer,
  type IncomingRequest,
  type RpcBody,
  type RunningRpcClient,
} from "../../../src/protocols/rpc/node.js";
import { memory, tcp, tls, udp, type TlsOptions } from "../../../src/transport/index.js";
import { WireError } from "../../../src/errors.js";
import { newAuthority } from "../../transport/certificates.js";
import { memoryValues } from "./harness.js";

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
