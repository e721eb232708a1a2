/** The memory transport. */
import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../src/testing/index.js";
import { memory } from "../../src/transport/index.js";
import { connected, dial, ReceiverSpy, type LinkSpy } from "./spies.js";

describe("the memory transport", () => {
  it("overwrites borrowed bytes of streams and datagrams", async () => {
    const transport = memory();
    const { hereLink, there, close } = await connected(transport, "here:0");
    const lent: Uint8Array[] = [];
    there.bytes = (bytes) => {
      lent.push(bytes);
      there.log.push("lent");
    };
    const written = Uint8Array.of(1, 2, 3);
    hereLink.write(written);
    hereLink.shut();
    await there.untilLogged("ended");
    expect(lent).toEqual([Uint8Array.of(0xdb, 0xdb, 0xdb)]);
    expect(written).toEqual(Uint8Array.of(1, 2, 3));
    await close();

    const listener = new ReceiverSpy();
    const receiver = transport.open(listener);
    const address = await receiver.listen("there:5");
    const sender = transport.open(new ReceiverSpy());
    sender.send(address, Uint8Array.of(9));
    sender.send("nobody:1", Uint8Array.of(9));
    await sender.close();
    expect(listener.datagrams).toEqual([{ peer: "memory:49154", bytes: Uint8Array.of(0xdb) }]);
    await receiver.close();
  });

  it("gives datagrams the listening address of their sender", async () => {
    const transport = memory();
    const [one, other] = [new ReceiverSpy(), new ReceiverSpy()];
    const [a, b] = [transport.open(one), transport.open(other)];
    await a.listen("a:1");
    await b.listen("b:1");
    const echo = other.datagram.bind(other);
    other.datagram = (peer, bytes) => {
      b.send(peer, bytes.slice());
      echo(peer, bytes);
    };
    a.send("b:1", Uint8Array.of(1, 2));
    for (let i = 0; i < 4; i++) await Promise.resolve();
    expect([one.datagrams[0]?.peer, other.datagrams[0]?.peer]).toEqual(["b:1", "a:1"]);
    await Promise.all([a.close(), b.close()]);
  });

  it("refuses connections to an address that only sent datagrams", async () => {
    const transport = memory();
    const listener = new ReceiverSpy();
    const [server, client] = [transport.open(listener), transport.open(new ReceiverSpy())];
    client.send(await server.listen("here:0"), Uint8Array.of(1));
    await listener.untilDatagrams(1);
    const { spy } = dial(server, listener.datagrams[0]!.peer);
    await spy.untilLogged("closed");
    expect(spy).toMatchObject({ log: ["closed"], error: { code: "unreachable" } });
    await Promise.all([client.close(), server.close()]);
  });

  it("repeats exactly on a virtual clock", async () => {
    const play = async (): Promise<string[]> => {
      const clock = new VirtualClock();
      let draw = 7;
      const transport = memory({
        later: (action) => void clock.after(1, action),
        segmentBytes: (available) => 1 + ((draw = (draw * 48_271) % 0x7fff_ffff) % available),
      });
      const log: string[] = [];
      const listener = new ReceiverSpy();
      const server = transport.open(listener);
      await server.listen("server:1");
      const { link } = dial(transport.open(new ReceiverSpy()), "server:1");
      link.write(new Uint8Array(500).fill(1));
      link.shut();
      while (clock.step()) {
        const there: LinkSpy | undefined = listener.links[0];
        log.push(`${clock.nowMs()} ${there?.log.join()} ${there?.pieces.map(({ length }) => length).join()}`);
      }
      return log;
    };
    const first = await play();
    expect(first.at(-1)).toMatch(/bytes,ended/);
    expect(await play()).toEqual(first);
  });
});
