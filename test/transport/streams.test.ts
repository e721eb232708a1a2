/** The contract of streams, over every transport that has them. */
import { describe, expect, it } from "vitest";
import { WebSocket as Ws } from "ws";
import { equalBytes } from "../../src/bytes/index.js";
import { duplex, memory, tcp, tls, webSocket, type Transport } from "../../src/transport/index.js";
import { newAuthority } from "./certificates.js";
import { nodePair, switchboard, webPair } from "./pairs.js";
import { connected, dial, LinkSpy, ReceiverSpy } from "./spies.js";
import { sourceWorkers } from "./source-workers.js";

let drawn = 1;
/** A few bytes at a time, repeatably. */
const raggedly = (available: number) => 1 + ((drawn = (drawn * 48_271) % 0x7fff_ffff) % available);

const authority = await newAuthority("authority");
const credentials = {
  authorities: authority.certificate,
  ...(await authority.issue({ commonName: "localhost", ip: ["127.0.0.1"] })),
};

/** A transport with an address to listen at. */
interface Case {
  readonly name: string;
  readonly open: () => Transport;
  readonly at: string;
  /** What a link says that was reset, and one that was not accepted. Default: as sockets. */
  readonly reset?: string;
  readonly refused?: string;
}

const transports: Case[] = [
  { name: "TCP", open: () => tcp(), at: "127.0.0.1:0" },
  { name: "TLS", open: () => tls(credentials), at: "127.0.0.1:0" },
  { name: "mutual TLS", open: () => tls({ ...credentials, mutual: true }), at: "127.0.0.1:0" },
  { name: "duplex streams of Node.js", open: () => duplex(switchboard(nodePair)), at: "here:0" },
  { name: "pairs of Web Streams", open: () => duplex(switchboard(webPair)), at: "here:0" },
  { name: "WebSocket by ws", open: () => webSocket({ WebSocket: Ws }), at: "127.0.0.1:0", reset: "1006" },
  {
    name: "WebSocket by the platform",
    open: () => webSocket({ WebSocket }),
    at: "127.0.0.1:0",
    reset: "1006",
    refused: "1006",
  },
  { name: "workers", open: () => sourceWorkers(2), at: "127.0.0.1:0" },
  { name: "memory", open: () => memory(), at: "here:0" },
  { name: "memory in ragged pieces", open: () => memory({ segmentBytes: raggedly }), at: "here:0" },
];

const text = (s: string) => new TextEncoder().encode(s);

describe.each(transports)("streams over $name", ({ name, open, at, reset, refused: notAccepted }) => {
  it("carry bytes both ways, in order", async () => {
    const { here, hereLink, there, thereLink, close } = await connected(open(), at);
    for (const word of ["one ", "two ", "three"]) hereLink.write(text(word));
    await there.until(() => there.received.length === 13);
    expect(there.received).toEqual(text("one two three"));
    thereLink.write(text("four"));
    await here.until(() => here.received.length === 4);
    expect(here.received).toEqual(text("four"));
    await close();
  });

  it("send bytes written before the connection was open, even if it is shut at once", async () => {
    const transport = open();
    const listener = new ReceiverSpy();
    const [server, client] = [transport.open(listener), transport.open(new ReceiverSpy())];
    const address = await server.listen(at);
    const accepted = listener.next();
    const { link, spy } = dial(client, address);
    link.write(text("hello"));
    link.shut();
    const there = await accepted;
    await there.untilLogged("ended");
    expect(there.received).toEqual(text("hello"));
    there.link!.shut();
    await spy.untilLogged("closed");
    expect(spy.error).toBeUndefined();
    await Promise.all([client.close(), server.close()]);
  });

  it("stay paused if they are paused before they are open", async () => {
    const transport = open();
    const listener = new ReceiverSpy();
    const [server, client] = [transport.open(listener), transport.open(new ReceiverSpy())];
    const accepted = listener.next();
    const { link, spy } = dial(client, await server.listen(at));
    link.pause();
    const there = await accepted;
    there.link!.write(text("hello"));
    await spy.untilLogged("opened");
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(spy.received).toHaveLength(0);
    link.resume();
    await spy.until(() => spy.received.length === 5);
    await Promise.all([client.close(), server.close()]);
  });

  it("stall a sender while its receiver is paused", async () => {
    const { here, hereLink, there, thereLink, close } = await connected(open(), at);
    thereLink.pause();
    const block = Uint8Array.from({ length: 1 << 20 }, (_, i) => i * 31);
    // More than any socket buffer holds.
    for (let i = 0; i < 16; i++) hereLink.write(block.slice());
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(there.received.length).toBe(0);
    expect(hereLink.queuedBytes).toBeGreaterThan(1 << 20);
    expect(here.log).not.toContain("drained");
    thereLink.resume();
    await there.until(() => there.pieces.reduce((sum, { length }) => sum + length, 0) === 16 << 20);
    await here.untilLogged("drained");
    expect(hereLink.queuedBytes).toBe(0);
    const { received } = there;
    for (let i = 0; i < 16; i++) expect(equalBytes(received.subarray(i << 20, (i + 1) << 20), block)).toBe(true);
    await close();
  });

  it("carry answers to a peer that has sent its end", async () => {
    const { here, hereLink, there, thereLink, close } = await connected(open(), at);
    hereLink.write(text("question"));
    hereLink.shut();
    await there.untilLogged("ended");
    expect(there.received).toEqual(text("question"));
    expect(there.log).not.toContain("closed");
    // After its own end a link reads on but hands nothing out: the answer is taken off the network and dropped.
    thereLink.write(text("answer"));
    thereLink.shut();
    await Promise.all([here.untilLogged("closed"), there.untilLogged("closed")]);
    expect([here.error, there.error, here.received.length]).toEqual([undefined, undefined, 0]);
    await close();
  });

  it("send a long answer before they close", async () => {
    const { here, hereLink, there, thereLink, close } = await connected(open(), at);
    const answer = new Uint8Array(3 << 20).fill(7);
    thereLink.write(answer);
    thereLink.shut();
    thereLink.write(text("too late"));
    await here.untilLogged("ended");
    expect(here.pieces.reduce((sum, { length }) => sum + length, 0)).toBe(answer.length);
    hereLink.shut();
    await Promise.all([here.untilLogged("closed"), there.untilLogged("closed")]);
    await close();
  });

  it("discard bytes after `shut`, so that no reset destroys the answer", async () => {
    const { here, hereLink, there, thereLink, close } = await connected(open(), at);
    hereLink.write(new Uint8Array(1 << 20));
    await there.untilLogged("bytes");
    thereLink.write(text("refused"));
    thereLink.shut();
    const seen = there.received.length;
    for (let i = 0; i < 4; i++) hereLink.write(new Uint8Array(1 << 20));
    await here.untilLogged("ended");
    expect(here.received).toEqual(text("refused"));
    hereLink.shut();
    await Promise.all([here.untilLogged("closed"), there.untilLogged("closed")]);
    expect([here.error, there.error]).toEqual([undefined, undefined]);
    expect(there.received.length).toBe(seen);
    await close();
  });

  it("report a reset after the delivered bytes, without an exception", async () => {
    const { here, hereLink, there, thereLink, close } = await connected(open(), at);
    thereLink.write(text("the answer"));
    await here.until(() => here.received.length === 10);
    thereLink.abort();
    await Promise.all([here.untilLogged("closed"), there.untilLogged("closed")]);
    expect(here.received).toEqual(text("the answer"));
    expect(here.error).toMatchObject({ code: "closed", actual: reset ?? "ECONNRESET" });
    hereLink.write(text("nobody hears this"));
    hereLink.shut();
    hereLink.abort();
    await close();
  });

  it("report a closed port, and an invalid address", async () => {
    const transport = open();
    const [taken, client] = [transport.open(new ReceiverSpy()), transport.open(new ReceiverSpy())];
    const gone = await taken.listen(at);
    await taken.close();
    const refused = dial(client, gone);
    expect(refused.spy.log).toEqual([]);
    await refused.spy.untilLogged("closed");
    expect(refused.spy).toMatchObject({
      log: ["closed"],
      error: { code: "unreachable", actual: notAccepted ?? "ECONNREFUSED" },
    });
    const nonsense = dial(client, "no port");
    expect(nonsense.spy.log).toEqual([]);
    await nonsense.spy.untilLogged("closed");
    expect(nonsense.spy.error).toMatchObject({ code: "argument" });
    await client.close();
  });

  it("close a link at once that is shut before it is open and was not written to", async () => {
    const transport = open();
    const [server, client] = [transport.open(new ReceiverSpy()), transport.open(new ReceiverSpy())];
    const { link, spy } = dial(client, await server.listen(at));
    link.shut();
    await spy.untilLogged("closed");
    expect(spy).toMatchObject({ log: ["closed"], error: undefined });
    await Promise.all([client.close(), server.close()]);
  });

  it("are closed when the listener refuses them", async () => {
    const transport = open();
    const [server, client] = [transport.open(new ReceiverSpy(false)), transport.open(new ReceiverSpy())];
    const { link, spy } = dial(client, await server.listen(at));
    await spy.until(() => spy.log.includes("ended") || spy.log.includes("closed"));
    link.shut();
    await spy.untilLogged("closed");
    expect(spy.received).toHaveLength(0);
    await Promise.all([client.close(), server.close()]);
  });

  it("go on after `refuse` of their listener", async () => {
    const { address, listener, server, client, here, hereLink, there, close } = await connected(open(), at);
    server.refuse();
    hereLink.write(text("still here"));
    await there.until(() => there.received.length === 10);
    const answer = async () => {
      const late = dial(client, address);
      await late.spy.untilLogged("closed");
      return late.spy.error?.code;
    };
    // The port is closed when the last of several processes has closed it.
    if (name === "workers") await expect.poll(answer).toBe("unreachable");
    else expect(await answer()).toBe("unreachable");
    expect(listener.links).toHaveLength(1);
    expect(here.log).not.toContain("closed");
    await close();
    expect([here.log.at(-1), there.log.at(-1)]).toEqual(["closed", "closed"]);
  });

  it("are refused where they expect a server that the transport cannot verify", async () => {
    const transport = open();
    const listener = new ReceiverSpy();
    const [server, client] = [transport.open(listener), transport.open(new ReceiverSpy())];
    const spy = new LinkSpy();
    const link = client.connect(await server.listen(at), spy, { hostName: "somebody.example" });
    link.write(text("a secret"));
    await spy.untilLogged("closed");
    expect(spy).toMatchObject({ log: ["closed"], error: { code: "certificate" } });
    for (const there of listener.links) expect(there.received).toHaveLength(0);
    await Promise.all([client.close(), server.close()]);
  });

  it("cannot be received at a taken address", async () => {
    const transport = open();
    const server = transport.open(new ReceiverSpy());
    const address = await server.listen(at);
    await expect(transport.open(new ReceiverSpy()).listen(address)).rejects.toMatchObject({ code: "argument" });
    await server.close();
  });
});
