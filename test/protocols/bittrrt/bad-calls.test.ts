/** Invalid calls and options of a client, by callers without types: they are refused, and nothing is sent. */
import { afterEach, describe, expect, it } from "vitest";
import { PLAINTEXT_BYTES_MAX, type BittrrtClientOptions } from "../../../src/protocols/bittrrt/index.js";
import {
  createBittrrtClient,
  startBittrrtServer,
  type RunningBittrrtClient,
} from "../../../src/protocols/bittrrt/node.js";

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
});

async function connected(): Promise<RunningBittrrtClient> {
  const server = await startBittrrtServer({ portRanges: "20000-60000" });
  running.push(server);
  const client = await createBittrrtClient({ server: server.address });
  running.push(client);
  await client.connect();
  return client;
}

const codeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => "none",
    (error: { code?: string }) => error.code ?? String(error),
  );

describe("a connected client", () => {
  it("refuses invalid bounds of every call, and goes on", async () => {
    const client = await connected();
    const payload = Uint8Array.of(1, 2, 3);
    const bad = [
      { timeoutMs: NaN },
      { timeoutMs: -1 },
      { timeoutMs: "5" },
      { timeoutMs: 5n },
      { signal: 5 },
      5,
    ] as never[];
    for (const bounds of bad) {
      expect(await codeOf(client.connect(bounds === (5 as never) ? ({ signal: {} } as never) : bounds))).toBe(
        "argument",
      );
      expect(await codeOf(client.control(payload, bounds))).toBe("argument");
      expect(await codeOf(client.requestBandwidth(3, bounds))).toBe("argument");
    }
    expect(await client.control(payload)).toEqual({ transmissions: 1 });
  });

  it("refuses invalid and too long payloads, and goes on", async () => {
    const client = await connected();
    for (const payload of [undefined, null, "hello", 5, 5n, {}, [1, 2], { length: 3 }] as never[]) {
      expect(await codeOf(client.control(payload))).toBe("argument");
    }
    for (const seconds of [NaN, -1, Infinity, "3", 3n, undefined] as never[]) {
      expect(await codeOf(client.requestBandwidth(seconds))).toBe("argument");
    }
    expect(await codeOf(client.control(new Uint8Array(PLAINTEXT_BYTES_MAX + 1)))).toBe("limit");
    expect(await client.control(new Uint8Array(PLAINTEXT_BYTES_MAX))).toEqual({ transmissions: 1 });
    expect(await client.requestBandwidth(3)).toEqual({ transmissions: 1 });
  });
});

describe("a client is refused", () => {
  const server = "127.0.0.1:5000";
  const options: Readonly<Record<string, object>> = {
    "with a server that is no string": { server: 5 },
    "with a server without a port": { server: "127.0.0.1" },
    "with a time of NaN": { server, heartbeatMs: NaN },
    "with a bigint time": { server, connectMs: 1_000n },
    "with a time as a string": { server, staleAfterMs: "5" },
    "with an unknown profile": { server, profile: "loose" },
    "with an unknown heartbeat": { server, heartbeat: "none" },
    "with a number as bindHost": { server, bindHost: 5 },
    "with a key as a string": { server, serverKey: "0".repeat(32) },
  };
  it.each(Object.entries(options))("%s", async (_, option) => {
    expect(await codeOf(createBittrrtClient(option as BittrrtClientOptions))).toBe("argument");
  });
});
