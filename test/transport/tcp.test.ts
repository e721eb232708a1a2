/** The TCP transport. */
import { connect, createServer, type AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { tcp } from "../../src/transport/index.js";
import { connected, dial, ReceiverSpy } from "./spies.js";

describe("the TCP transport", () => {
  it("hands out plain arrays, not Buffers", async () => {
    const { hereLink, there, close } = await connected(tcp(), "127.0.0.1:0");
    let prototype: unknown;
    const take = there.bytes.bind(there);
    there.bytes = (bytes) => {
      prototype = Object.getPrototypeOf(bytes);
      take(bytes);
    };
    hereLink.write(Uint8Array.of(1));
    await there.untilLogged("bytes");
    expect(prototype).toBe(Uint8Array.prototype);
    await close();
  });

  it("names peers by address and port, without IPv4-mapped addresses", async () => {
    const { address, hereLink, thereLink, close } = await connected(tcp(), "127.0.0.1:0");
    expect(address).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(hereLink.peer).toBe(address);
    expect(thereLink.peer).toMatch(/^127\.0\.0\.1:\d+$/);
    await close();
  });

  it("delivers bytes that a peer sent before it reset the connection", async () => {
    const answer = Buffer.alloc(10_000, 5);
    let isReset = () => {};
    const reset = new Promise<void>((resolve) => (isReset = resolve));
    const server = createServer((socket) => {
      socket.once("data", () => socket.write(answer, () => socket.resetAndDestroy()));
      socket.once("close", isReset);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const endpoint = tcp().open(new ReceiverSpy());
    const { link, spy } = dial(endpoint, `127.0.0.1:${(server.address() as AddressInfo).port}`);
    await spy.untilLogged("opened");
    link.pause();
    link.write(Uint8Array.of(1));
    await reset;
    expect(spy.log).toEqual(["opened"]);
    link.resume();
    // Node.js reports a reset that came during a pause as an end or as a reset, depending on the poll.
    await spy.until(() => spy.log.some((told) => told === "ended" || told === "closed"));
    expect(spy.received).toEqual(new Uint8Array(answer));
    link.shut();
    await spy.untilLogged("closed");
    await endpoint.close();
    await new Promise((resolve) => server.close(resolve));
  });

  it("works over IPv6", async ({ skip }) => {
    const connection = await connected(tcp(), "[::1]:0").catch(() => skip("this machine has no IPv6"));
    expect(connection.address).toMatch(/^\[::1\]:\d+$/);
    expect(connection.thereLink.peer).toMatch(/^\[::1\]:\d+$/);
    await connection.close();
  });

  it("refuses to listen once it is closed", async () => {
    const endpoint = tcp().open(new ReceiverSpy());
    const listening = endpoint.listen("127.0.0.1:0");
    await endpoint.close();
    await expect(listening).rejects.toMatchObject({ code: "argument" });
  });

  it("survives peers that reset their connection at once", async () => {
    const listener = new ReceiverSpy();
    const endpoint = tcp().open(listener);
    const port = Number((await endpoint.listen("127.0.0.1:0")).split(":")[1]);
    for (let i = 0; i < 20; i++) {
      const socket = connect(port, "127.0.0.1", () => socket.resetAndDestroy());
      await new Promise((resolve) => socket.on("close", resolve));
    }
    const socket = connect(port, "127.0.0.1", () => socket.end("hi"));
    const last = await new Promise<ReceiverSpy["links"][number]>((resolve) => {
      const look = () => {
        const found = listener.links.find(({ log }) => log.includes("ended"));
        if (found === undefined) setImmediate(look);
        else resolve(found);
      };
      look();
    });
    expect(last.received).toHaveLength(2);
    await endpoint.close();
    for (const { log } of listener.links) expect(log.at(-1)).toBe("closed");
  });
});
