/** Bound addresses, over every transport with datagrams. */
import { networkInterfaces } from "node:os";
import { afterEach, describe, expect, it } from "vitest";
import { isWireError } from "../../src/errors.js";
import { DEFAULT_LIMITS } from "../../src/limits.js";
import { combine, memory, tcp, udp, type Endpoint, type Transport } from "../../src/transport/index.js";
import { ReceiverSpy } from "./spies.js";
import { sourceWorkers } from "./source-workers.js";

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === "::1"));

const transports: [string, () => Transport, string][] = [
  ["UDP on IPv4", () => udp(), "127.0.0.1:0"],
  ["UDP on IPv6", () => udp(), "[::1]:0"],
  ["TCP and UDP", () => combine({ streams: tcp(), datagrams: udp() }), "127.0.0.1:0"],
  ["workers", () => sourceWorkers(2), "127.0.0.1:0"],
  ["memory", () => memory(), "here:0"],
];

const opened: Endpoint[] = [];
afterEach(async () => void (await Promise.all(opened.splice(0).map((endpoint) => endpoint.close()))));

/** A spy that copies datagrams. */
class CopyingSpy extends ReceiverSpy {
  override datagram(peer: string, bytes: Uint8Array, local?: string): void {
    super.datagram(peer, bytes.slice(), local);
  }
}

function open(transport: Transport) {
  const spy = new CopyingSpy();
  const endpoint = transport.open(spy, DEFAULT_LIMITS);
  opened.push(endpoint);
  return { endpoint, spy };
}

for (const [name, make, at] of transports) {
  describe.skipIf(at.startsWith("[") && !hasIpv6)(`addresses that are bound over ${name}`, () => {
    it("are reported with their datagrams, and are the source of answers", async () => {
      const transport = make();
      const [server, client] = [open(transport), open(transport)];
      const main = await server.endpoint.listen(at);
      const bound = [await server.endpoint.bind(at), await server.endpoint.bind(at)];
      const own = await client.endpoint.bind(at);
      expect(new Set([main, ...bound, own]).size).toBe(4);
      for (const to of [main, ...bound]) client.endpoint.send(to, Uint8Array.of(1), own);
      await server.spy.untilDatagrams(3);
      const received = server.spy.datagrams.toSorted((a, b) => (a.local ?? "").localeCompare(b.local ?? ""));
      expect(received.map(({ peer }) => peer)).toEqual([own, own, own]);
      expect(received.map(({ local }) => local)).toEqual([undefined, ...bound.toSorted()]);
      server.endpoint.send(own, Uint8Array.of(2), bound[1]);
      server.endpoint.send(own, Uint8Array.of(3));
      await client.spy.untilDatagrams(2);
      expect(new Map(client.spy.datagrams.map(({ bytes, peer, local }) => [bytes[0], [peer, local]]))).toEqual(
        new Map([
          [2, [bound[1], own]],
          [3, [main, own]],
        ]),
      );
    });

    it("are refused while they are bound, and free after release", async () => {
      const transport = make();
      const [one, other] = [open(transport), open(transport)];
      const bound = await one.endpoint.bind(at);
      await expect(other.endpoint.bind(bound)).rejects.toSatisfy((error) => isWireError(error));
      one.endpoint.release(bound);
      one.endpoint.release(bound);
      await expect.poll(() => other.endpoint.bind(bound).catch(() => "taken")).toBe(bound);
      one.endpoint.send(bound, Uint8Array.of(1), bound);
      expect(one.endpoint.droppedDatagrams).toBe(1);
    });

    it("are not the source of datagrams without `local`", async () => {
      const transport = make();
      const [server, client] = [open(transport), open(transport)];
      const main = await server.endpoint.listen(at);
      const bound = await client.endpoint.bind(at);
      client.endpoint.send(main, Uint8Array.of(1));
      await server.spy.untilDatagrams(1);
      expect(server.spy.datagrams[0]!.peer).not.toBe(bound);
    });

    it("are refused after `refuse`", async () => {
      const { endpoint } = open(make());
      endpoint.refuse();
      await expect(endpoint.bind(at)).rejects.toSatisfy((error) => isWireError(error));
    });
  });
}

describe("TCP", () => {
  it("refuses to bind an address for datagrams", async () => {
    const { endpoint } = open(tcp());
    await expect(endpoint.bind("127.0.0.1:0")).rejects.toSatisfy((error) => isWireError(error));
    endpoint.release("127.0.0.1:1");
  });
});
