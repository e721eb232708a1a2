/** Streams and datagrams at one port. */
import { createSocket } from "node:dgram";
import { afterEach, describe, expect, it } from "vitest";
import { combine, memory, parseAddress, tcp, udp, type Endpoint, type Transport } from "../../src/transport/index.js";
import { dial, ReceiverSpy } from "./spies.js";

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => void (await Promise.all(opened.splice(0).map((each) => each.close()))));

function open(transport: Transport = combine({ streams: tcp(), datagrams: udp() })) {
  const spy = new ReceiverSpy();
  const endpoint = transport.open(spy);
  opened.push(endpoint);
  return { endpoint, spy };
}

/** Takes a UDP port, unless another process has it. */
async function take(at: string): Promise<void> {
  const { host, port } = parseAddress(at);
  const socket = createSocket("udp4");
  // Without a listener for `error`, a bind that fails would never call back.
  await new Promise<void>((resolve) => socket.once("error", () => resolve()).bind(port, host, resolve));
  opened.push({ close: () => new Promise<void>((resolve) => socket.close(resolve)) });
}

/** UDP that finds the first `takenCount` ports taken. */
function lateUdp(takenCount: number, tried: string[]): Transport {
  return {
    open(receiver, limits): Endpoint {
      const inner = udp().open(receiver, limits);
      return {
        async listen(at) {
          if (tried.push(at) <= takenCount) await take(at);
          return inner.listen(at);
        },
        connect: (peer, handler) => inner.connect(peer, handler),
        bind: (local) => inner.bind(local),
        release: (local) => inner.release(local),
        send: (peer, bytes) => inner.send(peer, bytes),
        refuse: () => inner.refuse(),
        close: () => inner.close(),
        get droppedDatagrams() {
          return inner.droppedDatagrams;
        },
      };
    },
  };
}

async function connects(to: string): Promise<string> {
  const { link, spy } = dial(open(tcp()).endpoint, to);
  await spy.until(() => spy.log.includes("opened") || spy.log.includes("closed"));
  link.abort();
  return spy.log[0] === "opened" ? "opened" : spy.error!.code;
}

describe("streams and datagrams by two transports", () => {
  it("arrive at one port", async () => {
    const [server, client] = [open(), open()];
    const address = await server.endpoint.listen("127.0.0.1:0");
    client.endpoint.send(address, Uint8Array.of(1));
    await server.spy.untilDatagrams(1);
    const accepted = server.spy.next();
    const { link, spy } = dial(client.endpoint, address);
    link.write(Uint8Array.of(2));
    const there = await accepted;
    await there.untilLogged("bytes");
    there.link!.write(Uint8Array.of(3));
    await spy.untilLogged("bytes");
    expect([there.received, spy.received]).toEqual([Uint8Array.of(2), Uint8Array.of(3)]);
    server.endpoint.send(server.spy.datagrams[0]!.peer, Uint8Array.of(4));
    await client.spy.untilDatagrams(1);
    expect(client.spy.datagrams).toEqual([{ peer: address, bytes: Uint8Array.of(4) }]);
  });

  it("try further ports if the first ones are taken for datagrams, and free those", async () => {
    const tried: string[] = [];
    const { endpoint } = open(combine({ streams: tcp(), datagrams: lateUdp(3, tried) }));
    const address = await endpoint.listen("127.0.0.1:0");
    expect(tried).toHaveLength(4);
    expect(tried[3]).toBe(address);
    const outcomes = await Promise.all(tried.map(connects));
    // An abandoned port may be given to somebody else, but not by this machine within this test.
    expect(outcomes).toEqual(["unreachable", "unreachable", "unreachable", "opened"]);
  });

  it("give up after 16 ports", async () => {
    const tried: string[] = [];
    const { endpoint } = open(combine({ streams: tcp(), datagrams: lateUdp(Infinity, tried) }));
    await expect(endpoint.listen("127.0.0.1:0")).rejects.toMatchObject({ code: "argument", format: "udp" });
    expect(tried).toHaveLength(16);
    expect(await connects(tried[15]!)).toBe("unreachable");
  });

  it("are refused at a port that is taken for either, which stays free for the other", async () => {
    const streams = open(tcp());
    const streamsAt = await streams.endpoint.listen("127.0.0.1:0");
    await expect(open().endpoint.listen(streamsAt)).rejects.toMatchObject({ code: "argument", format: "tcp" });
    const datagrams = open(udp());
    const datagramsAt = await datagrams.endpoint.listen("127.0.0.1:0");
    await expect(open().endpoint.listen(datagramsAt)).rejects.toMatchObject({ code: "argument", format: "udp" });
    expect(await open(udp()).endpoint.listen(streamsAt)).toBe(streamsAt);
    expect(await open(tcp()).endpoint.listen(datagramsAt)).toBe(datagramsAt);
  });

  it("can use the port of a closed endpoint", async () => {
    let at = "127.0.0.1:0";
    for (let life = 0; life < 5; life++) {
      const { endpoint, spy } = open();
      const address = await endpoint.listen(at);
      if (life > 0) expect(address).toBe(at);
      at = address;
      expect(await connects(at)).toBe("opened");
      open().endpoint.send(at, Uint8Array.of(life));
      await spy.untilDatagrams(1);
      await endpoint.close();
      expect(await connects(at)).toBe("unreachable");
    }
  });

  it("end when the endpoint is closed while it begins to listen", async () => {
    for (let turns = 0; turns < 6; turns++) {
      const { endpoint } = open();
      const listening = endpoint.listen("127.0.0.1:0").then(
        () => "listens",
        ({ code }: { code: string }) => code,
      );
      for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
      await Promise.all([endpoint.close(), endpoint.close()]);
      expect(await listening).toMatch(/^(listens|argument)$/);
      await expect(endpoint.listen("127.0.0.1:0")).rejects.toMatchObject({ code: "argument" });
    }
  });

  it("are not tried after `refuse`", async () => {
    const tried: string[] = [];
    const { endpoint } = open(combine({ streams: tcp(), datagrams: lateUdp(0, tried) }));
    endpoint.refuse();
    await expect(endpoint.listen("127.0.0.1:0")).rejects.toMatchObject({ code: "argument" });
    expect(tried).toEqual([]);
  });

  it("may come from any two transports", async () => {
    const [streams, datagrams] = [memory(), memory()];
    const server = open(combine({ streams, datagrams }));
    const address = await server.endpoint.listen("here:0");
    open(datagrams).endpoint.send(address, Uint8Array.of(1));
    await server.spy.untilDatagrams(1);
    const { spy } = dial(open(streams).endpoint, address);
    await spy.untilLogged("opened");
    expect([server.spy.datagrams.length, server.spy.links.length]).toEqual([1, 1]);
  });

  it.each(["streams", "datagrams"] as const)("listen with %s alone where that is asked", async (listens) => {
    const tried: string[] = [];
    const { endpoint, spy } = open(combine({ streams: tcp(), datagrams: lateUdp(0, tried), listens }));
    const address = await endpoint.listen("127.0.0.1:0");
    expect(tried).toHaveLength(listens === "datagrams" ? 1 : 0);
    const other = open();
    if (listens === "datagrams") {
      await other.endpoint.listen("127.0.0.1:0");
      other.endpoint.send(address, Uint8Array.of(1));
      await spy.untilDatagrams(1);
    } else {
      await dial(other.endpoint, address).spy.untilLogged("opened");
    }
  });

  it("refuse to listen with anything else", () => {
    const options = { streams: tcp(), datagrams: udp(), listens: "neither" as "both" };
    expect(() => combine(options)).toThrow(expect.objectContaining({ code: "argument", path: "listens" }));
  });
});
