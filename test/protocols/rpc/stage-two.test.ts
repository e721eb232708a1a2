/** The tests that the plan of the reference asks of its second stage, by its names. */
import { afterEach, describe, expect, it } from "vitest";
import {
  Command,
  decodeRPCBig,
  encodeRPCBig,
  Protocol,
  RpcFrames,
  type RpcMessage,
} from "../../../src/protocols/rpc/index.js";
import { createRpcClient, startRpcServer, type RunningRpcClient } from "../../../src/protocols/rpc/node.js";
import { connect } from "node:net";
import { memoryValues } from "./harness.js";

const running: RunningRpcClient[] = [];
afterEach(() => Promise.all(running.splice(0).map((peer) => peer.stop())));
const kept = <T extends RunningRpcClient>(peer: T): T => (running.push(peer), peer);

const ID = new Uint8Array(20).fill(7);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("TestTCPHandlerListenAndAccept", () => {
  it("tells the bound port and accepts a connection", async () => {
    const server = kept(await startRpcServer({ listen: "127.0.0.1:0" }));
    const port = Number(server.address.split(":")[1]);
    const opened = new Promise((resolve) => server.subscribe(({ type }) => type === "opened" && resolve(type)));
    const socket = connect(port, "127.0.0.1");
    expect(await opened).toBe("opened");
    socket.destroy();
  });
});

describe("TestTCPHandlerSendReceive", () => {
  it("carries PING and its ACK, with the id of the peer", async () => {
    const server = kept(await startRpcServer({ id: ID }));
    const client = kept(createRpcClient());
    const pong = await client.ping(server.address);
    expect(pong.id).toEqual(ID);
    expect(pong.peer).toBe(server.address);
    expect(pong.rttMs).toBeGreaterThanOrEqual(0);
  });

  it("carries a message without RequestID", async () => {
    const server = kept(await startRpcServer({ plainMessages: true }));
    const client = kept(createRpcClient());
    const received = new Promise<RpcMessage>((resolve) =>
      server.subscribe((event) => event.type === "message" && resolve(event.message)),
    );
    await client.send(server.address, { command: Command.APPEND_ENTRIES, protocol: Protocol.Raft, payload: utf8("p") });
    const { meta, payload, requestID } = await received;
    expect({ meta, payload, requestID }).toEqual({
      meta: { command: Command.APPEND_ENTRIES, protocol: Protocol.Raft },
      payload: utf8("p"),
      requestID: "",
    });
  });
});

describe("encode → decode round-trip for every Command type", () => {
  it.each(Object.entries(Command))("%s", (_name, command) => {
    const message: RpcMessage = {
      meta: { command, protocol: Protocol.Kademlia },
      sender: { address: "10.0.0.1:4000", id: ID, time: 1_771_200_000_123_456_792n },
      payload: utf8("payload"),
      key: ID,
      value: utf8("value"),
      nodes: [{ address: "[::1]:1", id: ID, time: 0n }],
      requestID: "AAAAAAAAAAA",
      traceID: "trace",
    };
    expect(decodeRPCBig(encodeRPCBig(message))).toEqual(message);
    const frames = new RpcFrames();
    const frame = frames.encode(message);
    expect(frames.tryDecode(frame, 0, frame.length)).toEqual({ ok: true, value: message });
  });

  it("each travels both ways over one connection", async () => {
    const asking = Object.values(Command).filter((c) => ![Command.ACK, Command.NODES, Command.VALUE].includes(c as 5));
    const seen: number[] = [];
    const handlers = Object.fromEntries(
      asking.map((command) => [command, () => (seen.push(command), { command: Command.VALUE, key: ID })]),
    );
    const client = kept(createRpcClient({ handlers }));
    const server = kept(await startRpcServer({ handlers }));
    const opened = new Promise<number>((resolve) =>
      server.subscribe((event) => event.type === "opened" && resolve(event.link.id)),
    );
    for (const command of asking) {
      const there = await client.request(server.address, { command });
      const back = await server.request({ link: await opened }, { command });
      expect([there.message.key, back.message.key]).toEqual([ID, ID]);
    }
    expect(seen).toEqual(asking.flatMap((command) => [command, command]));
    expect([client.openLinks, server.openLinks]).toEqual([1, 1]);
  });
});

describe("oversized message is rejected cleanly", () => {
  it("refuses to send what the length cannot say, with limit, and goes on", async () => {
    const values = memoryValues();
    const server = kept(await startRpcServer({ values }));
    const client = kept(createRpcClient());
    const store = (bytes: number): Promise<boolean> => client.store(server.address, ID, new Uint8Array(bytes));
    for (const bytes of [65_536, 65_542, 131_078]) await expect(store(bytes)).rejects.toMatchObject({ code: "limit" });
    expect(await store(65_000)).toBe(true);
    expect((await client.get(server.address, ID))?.length).toBe(65_000);
  });

  it("carries a chunk with uint32be, up to its limit", async () => {
    const values = memoryValues();
    const options = { framing: "uint32be", messageBytesMax: 200_000 } as const;
    const server = kept(await startRpcServer({ values, ...options }));
    const client = kept(createRpcClient(options));
    const chunk = Uint8Array.from({ length: 65_536 }, (_, i) => i % 251);
    expect(await client.store(server.address, ID, chunk)).toBe(true);
    expect(await client.get(server.address, ID)).toEqual(chunk);
    const long = client.store(server.address, ID, new Uint8Array(200_001));
    await expect(long).rejects.toMatchObject({ code: "limit" });
  });

  it("closes a connection whose length is beyond the limit, before its bytes come", async () => {
    const server = kept(await startRpcServer({ framing: "uint32be", messageBytesMax: 1_000 }));
    const socket = connect(Number(server.address.split(":")[1]), "127.0.0.1");
    const closed = new Promise((resolve) => socket.on("close", () => resolve("closed")));
    socket.on("error", () => {});
    socket.resume();
    socket.write(Uint8Array.of(0, 0, 3, 0xe9));
    expect(await closed).toBe("closed");
    expect((await server.counters()).badFrames).toBe(1);
  });

  it("answers by a code what does not fit into an answer", async () => {
    const handlers = { [Command.GET]: () => ({ command: Command.VALUE, value: new Uint8Array(70_000) }) };
    const server = kept(await startRpcServer({ handlers }));
    const client = kept(createRpcClient());
    const got = client.get(server.address, ID);
    await expect(got).rejects.toMatchObject({ code: "status", actual: "tooLong" });
  });

  it("refuses datagrams of more than 1,400 bytes", async () => {
    const server = kept(await startRpcServer({ values: memoryValues() }));
    const client = kept(createRpcClient({ via: "datagram" }));
    const store = (bytes: number): Promise<boolean> => client.store(server.address, ID, new Uint8Array(bytes));
    await expect(store(1_400)).rejects.toMatchObject({ code: "limit" });
    expect(await store(1_200)).toBe(true);
    expect(server.openLinks).toBe(0);
  });
});

describe("concurrent connections (10+ clients sending simultaneously)", () => {
  it("answers each of 16 clients with 64 calls at once", async () => {
    const values = memoryValues();
    const server = kept(await startRpcServer({ values }));
    const keys = Array.from({ length: 64 }, (_, i) => utf8(`key ${i}`));
    await Promise.all(
      Array.from({ length: 16 }, async (_, i) => {
        const client = kept(createRpcClient());
        const value = utf8(`value of ${i}`);
        await Promise.all(keys.map((key) => client.store(server.address, utf8(`${i} ${key.join()}`), value)));
        const got = await Promise.all(keys.map((key) => client.get(server.address, utf8(`${i} ${key.join()}`))));
        expect(got).toEqual(keys.map(() => value));
        expect(client.openLinks).toBe(1);
      }),
    );
    const counters = await server.counters();
    expect(counters.requests).toBe(16 * 64 * 2);
    expect(counters.replies).toBe(counters.requests);
  });
});

describe("clean shutdown", () => {
  it("answers what is in progress, then leaves no socket and frees its port", async () => {
    let go = (): void => {};
    const whenAsked = new Promise<void>((resolve) => (go = resolve));
    let answer = (): void => {};
    const whenTold = new Promise<void>((resolve) => (answer = resolve));
    const handlers = {
      [Command.GET]: async () => {
        go();
        await whenTold;
        return { command: Command.VALUE, value: ID };
      },
    };
    const server = await startRpcServer({ handlers });
    const client = kept(createRpcClient());
    const got = client.get(server.address, ID);
    await whenAsked;
    const stopped = server.stop();
    answer();
    expect(await got).toEqual(ID);
    await stopped;
    expect(server.openLinks).toBe(0);
    await expect(client.ping(server.address)).rejects.toMatchObject({ code: "unreachable" });
    const again = kept(await startRpcServer({ listen: server.address }));
    expect(again.address).toBe(server.address);
  });
});
