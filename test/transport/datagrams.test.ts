/** The contract of datagrams, over every transport that has them. */
import { networkInterfaces } from "node:os";
import { describe, expect, it } from "vitest";
import { equalBytes } from "../../src/bytes/index.js";
import { combine, memory, tcp, udp, type Transport } from "../../src/transport/index.js";
import { open } from "./open-endpoint.js";
import { dial } from "./spies.js";
import { sourceWorkers } from "./source-workers.js";

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === "::1"));
const both = () => combine({ streams: tcp(), datagrams: udp() });

const transports: [string, () => Transport, string][] = [
  ["UDP on IPv4", () => udp(), "127.0.0.1:0"],
  ["UDP on IPv6", () => udp(), "[::1]:0"],
  ["TCP and UDP on IPv4", both, "127.0.0.1:0"],
  ["TCP and UDP on IPv6", both, "[::1]:0"],
  ["a worker", () => sourceWorkers(1), "127.0.0.1:0"],
  ["memory", () => memory(), "here:0"],
];

/** A server that echoes datagrams, and its address. */
async function echo(transport: Transport, at: string) {
  const { endpoint, spy } = open(transport);
  spy.echo = endpoint;
  return { endpoint, spy, address: await endpoint.listen(at) };
}

/** Bytes that identify datagram `i`. */
function numbered(i: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length).fill(i);
  bytes[0] = i >> 8;
  return bytes;
}

for (const [name, make, at] of transports) {
  describe.skipIf(at.startsWith("[") && !hasIpv6)(`datagrams over ${name}`, () => {
    it("reach the listener, and answers reach the sender, with matching addresses", async () => {
      const transport = make();
      const [server, client] = [await echo(transport, at), open(transport)];
      for (const length of [0, 1, 1_440, 9_000]) client.endpoint.send(server.address, numbered(7, length));
      await client.spy.untilDatagrams(4);
      const lengths = client.spy.datagrams.map(({ bytes }) => bytes.length);
      expect(lengths).toEqual([0, 1, 1_440, 9_000]);
      for (const { peer, bytes } of client.spy.datagrams) {
        expect(peer).toBe(server.address);
        expect(bytes).toEqual(numbered(7, bytes.length));
      }
      expect(new Set(server.spy.datagrams.map(({ peer }) => peer)).size).toBe(1);
      expect([server.endpoint.droppedDatagrams, client.endpoint.droppedDatagrams]).toEqual([0, 0]);
    });

    it("leave from the listening address, also after an earlier datagram without one", async () => {
      const transport = make();
      const [server, peer] = [await echo(transport, at), open(transport)];
      peer.endpoint.send(server.address, Uint8Array.of(1));
      await peer.spy.untilDatagrams(1);
      const address = await peer.endpoint.listen(at);
      peer.endpoint.send(server.address, Uint8Array.of(2));
      await peer.spy.untilDatagrams(2);
      expect(server.spy.datagrams[1]!.peer).toBe(address);
    });

    it("arrive without loss, ten thousand of them with twenty in flight", async () => {
      const transport = make();
      const [server, client] = [await echo(transport, at), open(transport)];
      for (let sent = 0; sent < 10_000; sent += 20) {
        for (let i = sent; i < sent + 20; i++) client.endpoint.send(server.address, numbered(i, 1_000));
        await client.spy.untilDatagrams(sent + 20);
      }
      const isRight = client.spy.datagrams.map(({ bytes }, i) => equalBytes(bytes, numbered(i, 1_000)));
      expect(isRight.indexOf(false)).toBe(-1);
      expect([server.endpoint.droppedDatagrams, client.endpoint.droppedDatagrams]).toEqual([0, 0]);
    });

    it("are dropped and counted beyond the queue limit, and sent again afterwards", async () => {
      const transport = make();
      const { address, spy } = await echo(transport, at);
      // Each is counted with 512 bytes of overhead.
      const client = open(transport, { datagramQueueBytesMax: 64 * (1_000 + 512) });
      // All in one turn and before there is a socket: every one of them has to wait.
      for (let i = 0; i < 10_000; i++) client.endpoint.send(address, numbered(i, 1_000));
      expect(client.endpoint.droppedDatagrams).toBe(9_936);
      await spy.untilDatagrams(64);
      await client.spy.untilDatagrams(64);
      client.endpoint.send(address, numbered(64, 1_000));
      await client.spy.untilDatagrams(65);
      expect(client.endpoint.droppedDatagrams).toBe(9_936);
      expect(spy.datagrams.map(({ bytes }) => bytes)).toEqual(Array.from({ length: 65 }, (_, i) => numbered(i, 1_000)));
    });

    it("are dropped and counted if they are too long for the limit or the network", async () => {
      const transport = make();
      const { address, spy } = await echo(transport, at);
      const client = open(transport);
      client.endpoint.send(address, new Uint8Array(65_508));
      client.endpoint.send(address, new Uint8Array(65_507));
      await spy.untilDatagrams(1);
      expect(spy.datagrams[0]!.bytes.length).toBe(65_507);
      expect(client.endpoint.droppedDatagrams).toBe(1);
      const small = open(transport, { datagramBytesMax: 10 });
      small.endpoint.send(address, new Uint8Array(11));
      expect(small.endpoint.droppedDatagrams).toBe(1);
    });

    it("to a closed port or an invalid address do no harm", async () => {
      const transport = make();
      const gone = await echo(transport, at);
      await gone.endpoint.close();
      const [server, client] = [await echo(transport, at), open(transport)];
      for (let i = 0; i < 10; i++) {
        client.endpoint.send(gone.address, Uint8Array.of(1));
        client.endpoint.send(server.address, Uint8Array.of(i));
        await client.spy.untilDatagrams(i + 1);
      }
      expect(client.endpoint.droppedDatagrams).toBe(0);
      for (const nonsense of ["", "no port", "a:b:1"]) client.endpoint.send(nonsense, Uint8Array.of(1));
      client.endpoint.send(server.address, Uint8Array.of(10));
      await client.spy.untilDatagrams(11);
    });

    it("stop when the endpoint closes, also twice, and the address is free again", async () => {
      const transport = make();
      const first = await echo(transport, at);
      const client = open(transport);
      client.endpoint.send(first.address, Uint8Array.of(1));
      await client.spy.untilDatagrams(1);
      await Promise.all([first.endpoint.close(), first.endpoint.close()]);
      first.endpoint.send(first.address, Uint8Array.of(1));
      expect(first.endpoint.droppedDatagrams).toBe(1);
      client.endpoint.send(first.address, Uint8Array.of(2));
      await new Promise(setImmediate);
      const again = await echo(transport, first.address);
      expect(again.address).toBe(first.address);
      // The datagram between the two lives is lost; the client needs nothing new to be answered again.
      client.endpoint.send(first.address, Uint8Array.of(3));
      await client.spy.untilDatagrams(2);
      expect(client.spy.datagrams.map(({ bytes }) => bytes[0])).toEqual([1, 3]);
      expect(first.spy.datagrams).toHaveLength(1);
    });

    it("go on after `refuse`, which prevents further listening", async () => {
      const transport = make();
      const [server, client] = [await echo(transport, at), open(transport)];
      server.endpoint.refuse();
      client.endpoint.send(server.address, Uint8Array.of(1));
      await client.spy.untilDatagrams(1);
      expect(client.spy.datagrams[0]!.peer).toBe(server.address);
      await expect(server.endpoint.listen(at)).rejects.toMatchObject({ code: "argument" });
    });

    it("cannot be received at a taken address", async () => {
      const transport = make();
      const { address } = await echo(transport, at);
      await expect(open(transport).endpoint.listen(address)).rejects.toMatchObject({ code: "argument" });
      await expect(open(transport).endpoint.listen("nowhere")).rejects.toMatchObject({ code: "argument" });
    });
  });
}

describe("a transport of one kind", () => {
  it("ends links at once if it has only datagrams, and drops datagrams if it has only streams", async () => {
    const { spy } = dial(open(udp()).endpoint, "127.0.0.1:9");
    expect(spy.log).toEqual([]);
    await spy.untilLogged("closed");
    expect(spy).toMatchObject({ log: ["closed"], error: { code: "unreachable", format: "udp" } });
    const streams = open(tcp()).endpoint;
    streams.send("127.0.0.1:9", Uint8Array.of(1));
    expect(streams.droppedDatagrams).toBe(1);
  });
});
