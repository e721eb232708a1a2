/** What a server and its client tell: traces that replay, and listeners that break nothing. */
import { afterEach, describe, expect, it } from "vitest";
import { readTrace, replayTrace, traceWriter } from "../../../src/machine/index.js";
import { DPS_MACHINES } from "../../../src/protocols/dps/index.js";
import { createDpsClient, startDpsServer } from "../../../src/protocols/dps/node.js";
import { freeAddresses } from "../../support/free-addresses.js";
import { bytesOf, collected, expectBytes } from "./cluster.js";

const CLUSTER_ID = new Uint8Array(8).fill(3);
const PATIENCE = { timeoutMs: 60_000 };
const running: { stop(): Promise<void> }[] = [];
const stopAll = (): Promise<unknown> => Promise.all(running.splice(0).map((one) => one.stop()));

afterEach(stopAll);

describe("a server and its client", () => {
  it("replay from their traces, and go on when listeners throw", async () => {
    const traces = { server: [] as string[], client: [] as string[] };
    const logged: unknown[] = [];
    const log = ({ message, fields }: { message: string; fields?: object }): void => {
      if (message === "a listener threw") logged.push(fields);
    };
    const [address] = (await freeAddresses(1)) as [string];
    const about = { clusterId: CLUSTER_ID, log };
    const server = await startDpsServer({
      ...about,
      listen: address,
      memberId: 1,
      members: [{ member: 1, address }],
      trace: traceWriter((line) => void traces.server.push(line)),
    });
    running.push(server);
    await server.ready(PATIENCE);
    const client = await createDpsClient({
      ...about,
      servers: [address],
      trace: traceWriter((line) => void traces.client.push(line)),
    });
    running.push(client);
    const heard: string[] = [];
    for (const one of [server, client]) {
      one.subscribe(() => {
        throw new Error("of a listener");
      });
      one.subscribe(({ type }) => void heard.push(type));
      const bytes = bytesOf(1_000, heard.length + 1);
      const { file } = await one.put(bytes, { name: "f", ...PATIENCE });
      expectBytes(await collected((await one.get(file.hash, PATIENCE)).bytes), bytes);
    }
    expect(heard).toContain("file");
    expect(heard).toContain("chunk");
    expect(logged.length).toBeGreaterThanOrEqual(6);
    expect(logged[0]).toEqual({ error: "Error: of a listener" });
    await stopAll();
    for (const lines of Object.values(traces)) {
      const replays = replayTrace(readTrace(lines.join("")), DPS_MACHINES);
      expect(replays.length).toBe(1);
      expect(replays[0]!.difference).toBeUndefined();
    }
  }, 60_000);
});
