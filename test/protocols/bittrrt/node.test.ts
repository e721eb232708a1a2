/** A server and a client over UDP. */
import { createSocket } from "node:dgram";
import { describe, expect, it } from "vitest";
import { KeyPair, writeBandwidthRequest } from "../../../src/protocols/bittrrt/index.js";
import {
  createBittrrtClient,
  startBittrrtServer,
  type BittrrtClientEvent,
  type BittrrtServerEvent,
} from "../../../src/protocols/bittrrt/node.js";
import { BITTRRT_MACHINES } from "../../../src/protocols/bittrrt/machines.js";
import { readTrace, replayTrace, traceWriter } from "../../../src/machine/index.js";

const LISTEN = "127.0.0.1:0";

describe("over UDP", () => {
  it("a client connects, measures, asks and leaves; a trace of both replays without a difference", async () => {
    let text = "";
    const trace = traceWriter((line) => (text += line));
    const serverEvents: BittrrtServerEvent[] = [];
    const clientEvents: BittrrtClientEvent[] = [];
    const server = await startBittrrtServer({ listen: LISTEN, portRanges: "41000-41029", trace });
    server.subscribe((event) => serverEvents.push(event));
    const client = await createBittrrtClient({ server: server.address, heartbeatMs: 10, trace });
    client.subscribe((event) => clientEvents.push(event));
    const { ports } = await client.connect();
    expect(new Set(Object.values(ports)).size).toBe(3);
    expect(await client.requestBandwidth(7)).toEqual({ transmissions: 1 });
    await expect.poll(() => serverEvents.filter(({ type }) => type === "timing").length).toBeGreaterThan(3);
    await client.close();
    await client.connect();
    await client.stop();
    await server.stop();
    expect(serverEvents.filter((event) => event.type === "control").map(({ frame }) => frame.plaintext)).toEqual([
      writeBandwidthRequest(7),
    ]);
    expect(clientEvents.filter(({ type }) => type === "refused" || type === "stale")).toEqual([]);
    const replays = replayTrace(readTrace(text), BITTRRT_MACHINES);
    expect(replays.map(({ machine, difference }) => [machine, difference])).toEqual([
      ["bittrrt-server", undefined],
      ["bittrrt-client", undefined],
    ]);
  });

  it("a server skips ports that are in use elsewhere", async () => {
    const squatter = createSocket("udp4");
    await new Promise<void>((resolve) => squatter.bind(41_100, "127.0.0.1", resolve));
    const server = await startBittrrtServer({ listen: LISTEN, portRanges: "41100-41106" });
    const client = await createBittrrtClient({ server: server.address });
    const { ports } = await client.connect();
    expect(Object.values(ports)).not.toContain(41_100);
    await client.stop();
    await server.stop();
    await new Promise<void>((resolve) => squatter.close(() => resolve()));
  });

  it("a client connects with a pinned key", async () => {
    const privateKey = new Uint8Array(32).fill(3);
    const serverKey = new KeyPair(privateKey).publicKey;
    const server = await startBittrrtServer({ listen: LISTEN, portRanges: "41200-41229", privateKey });
    const client = await createBittrrtClient({ server: server.address.replace("127.0.0.1", "localhost"), serverKey });
    expect(await client.connect()).toMatchObject({ serverKey });
    await client.stop();
    await server.stop();
  });

  it("a client fails without a server, and a server fails at an address in use", async () => {
    const client = await createBittrrtClient({ server: "127.0.0.1:9", connectMs: 10, connectsMax: 2, attemptsMax: 2 });
    await expect(client.connect()).rejects.toThrow(expect.objectContaining({ code: "unreachable" }));
    await client.stop();
    const server = await startBittrrtServer({ listen: LISTEN, portRanges: "41300-41302" });
    const again = startBittrrtServer({ listen: server.address, portRanges: "41300-41302" });
    await expect(again).rejects.toThrow(expect.objectContaining({ code: "argument" }));
    await server.stop();
  });
});
