/** What the servers and clients of RAIDA do when their machine faults. */
import { afterEach, expect, it } from "vitest";
import { traceWriter } from "../../../src/machine/index.js";
import { coinDisk, createRaidaClient, startRaidaServer } from "../../../src/protocols/raida/node.js";
import type { FaultPolicy } from "../../../src/host/index.js";
import type { Disk } from "../../../src/storage/index.js";
import { Loopback } from "./client/loopback.js";
import { anOf } from "./harness.js";

const loopback = new Loopback();
afterEach(() => loopback.stop());

const COIN = { denomination: 1, serial: 5, an: anOf(1, 5) };

/** A disk that breaks its contract at the first load, on which the server throws. */
function breakingOnce(): Disk {
  const kept = coinDisk([COIN]);
  let loads = 0;
  return {
    ...kept,
    load(read, done) {
      if (loads++ > 0) return kept.load(read, done);
      queueMicrotask(() => done({ ok: true, value: { bytes: null as never, size: 0 } }));
    },
  };
}

it("a server that is built again after a fault has its address, its coins and its peers", async () => {
  let text = "";
  const faults: string[] = [];
  const server = await startRaidaServer({
    raidaId: 3,
    disk: breakingOnce(),
    faultPolicy: { restartsMax: 1, withinMs: 60_000 },
    onFault: ({ code }) => faults.push(code),
    trace: traceWriter((line) => (text += line)),
  });
  const peers = Array.from({ length: 25 }, (_, id) => (id === 3 ? server.address : `127.0.0.1:${id + 1}`));
  server.setPeers(peers);
  await expect(server.isFree(1, 5)).rejects.toMatchObject({ code: "fault" });

  const client = loopback.client(peers, { transport: "tcp" });
  expect(await client.detect({ server: 3, coins: [COIN] })).toEqual({ authentic: [true] });
  await server.stop();
  expect(faults).toEqual(["fault"]);
  // The trace of each start has the options of its own, so that it is replayed.
  const lines = text.trim().split("\n");
  const starts = lines.map((line) => JSON.parse(line) as { start?: { options: { peers: string[] } } });
  expect(starts.flatMap(({ start }) => (start === undefined ? [] : [start.options.peers]))).toEqual([[], peers]);
});

it("a server stays down by default", async () => {
  const faults: string[] = [];
  const server = await startRaidaServer({
    raidaId: 3,
    disk: breakingOnce(),
    onFault: ({ code }) => faults.push(code),
  });
  await expect(server.isFree(1, 5)).rejects.toMatchObject({ code: "fault" });
  await expect(server.isFree(1, 5)).rejects.toMatchObject({ code: "fault" });
  expect(faults).toEqual(["fault"]);
  await server.stop();
});

it("a policy that does not exist is refused", async () => {
  const refused = { code: "argument", path: "faultPolicy" };
  const faultPolicy = "explode" as unknown as FaultPolicy;
  await expect(startRaidaServer({ raidaId: 3, faultPolicy })).rejects.toMatchObject(refused);
  const servers = Array.from({ length: 25 }, (_, id) => `127.0.0.1:${id + 1}`);
  expect(() => createRaidaClient({ servers, faultPolicy })).toThrow(expect.objectContaining(refused));
});
