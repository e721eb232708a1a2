/** Files that live for a short time: their chunks live as long as their records do, also when that is changed. */
import { describe, expect, it } from "vitest";
import { bytesSource } from "../../../src/protocols/store/source.js";
import type { DpsMachineOptions, FilePort } from "../../../src/protocols/dps/index.js";
import { commandsOf, getFile, putFile } from "../../../src/protocols/dps/index.js";
import { answerOf, requireDone } from "../../../src/protocols/dps/files/records.js";
import { NO_FAULTS, Simulation } from "../../../src/testing/index.js";
import { bytesOf, collected, DpsCluster, expectBytes } from "./cluster.js";

async function cluster(run: number, options: Partial<DpsMachineOptions> = {}): Promise<DpsCluster> {
  const made = new DpsCluster(new Simulation({ run, faults: NO_FAULTS }), { servers: 3 }, options);
  await made.ready();
  return made;
}

async function expectFile(made: DpsCluster, hash: Uint8Array, bytes: Uint8Array): Promise<void> {
  const read = await made.settled(getFile(made.port(2), hash));
  expectBytes(await made.settled(collected(read.bytes)), bytes);
}

/** A port whose stores take so long, by their number from 1 on. */
function slowed(made: DpsCluster, port: FilePort, msOf: (store: number) => number): FilePort {
  let stores = 0;
  return {
    ...port,
    async dht(request, options) {
      const outcome = await port.dht(request, options);
      if (request.type === "store") made.simulation.runFor(msOf(++stores));
      return outcome;
    },
  };
}

describe("a file with a short life", () => {
  it("is there when it is touched to live on, before anybody looks at its chunks", async () => {
    const made = await cluster(11);
    const bytes = bytesOf(100_000);
    const options = { name: "f", ttlSeconds: 20 };
    const { file } = await made.settled(putFile(made.port(1), bytesSource(bytes), options, made.rules()));
    const [touch] = commandsOf({ op: "touch", hash: file.hash, ttlSeconds: 0 }, Infinity);
    requireDone(answerOf(await made.settled(made.port(1).command(touch!, {}))));
    made.simulation.runFor(60_000);
    await expectFile(made, file.hash, bytes);
  });

  it("is whole for all of it, however long its chunks took", async () => {
    const made = await cluster(12);
    const bytes = bytesOf(200_000);
    const slow = slowed(made, made.port(1), (store) => (store > 1 ? 6_000 : 0));
    const rules = made.rules({ chunksAtOnce: 1 });
    const put = putFile(slow, bytesSource(bytes), { name: "f", ttlSeconds: 10 }, rules);
    const { file } = await made.settled(put);
    await expectFile(made, file.hash, bytes);
    made.simulation.runFor(12_000);
    await expect(made.settled(getFile(made.port(2), file.hash))).rejects.toMatchObject({ code: "missing" });
  });
});

/** Seconds that chunks live for without being stored again. */
const CHUNK_TTL_SECONDS = 40;

describe("a put that takes longer than chunks live", () => {
  it.each(["server", "client"])(
    "stores the first of them again before their record is there, at a %s",
    async (kind) => {
      const made = await cluster(13, { chunkTtlSeconds: CHUNK_TTL_SECONDS, repairEveryMs: 5_000 });
      const bytes = bytesOf(200_000);
      const port = kind === "server" ? made.port(1) : made.client("20.9.0.1");
      // The first chunk is gone when the last is stored; the second has a quarter of its time left.
      const slow = slowed(made, port, (store) => [16_000, 30_000, 0, 0][store - 1] ?? 100);
      const rules = made.rules({ chunksAtOnce: 1, chunkTtlSeconds: CHUNK_TTL_SECONDS });
      const { file } = await made.settled(putFile(slow, bytesSource(bytes), { name: "f" }, rules));
      // Each has half of its time left, and the leader goes on with it.
      for (const machine of made.machines.values()) {
        const values = [...machine.dht.core!.holder.values()];
        expect(values.length).toBe(4);
        for (const { expiresMs } of values) {
          expect(expiresMs - made.simulation.nowMs).toBeGreaterThan((CHUNK_TTL_SECONDS * 1_000) / 2 - 2_000);
        }
      }
      made.simulation.runFor(3_000 * CHUNK_TTL_SECONDS);
      await expectFile(made, file.hash, bytes);
    },
  );

  it("is not recorded where they can never all be there at a time", async () => {
    const made = await cluster(14, { chunkTtlSeconds: CHUNK_TTL_SECONDS });
    const slow = slowed(made, made.port(1), () => 30_000);
    const rules = made.rules({ chunksAtOnce: 1, chunkTtlSeconds: CHUNK_TTL_SECONDS });
    const put = putFile(slow, bytesSource(bytesOf(200_000)), { name: "f" }, rules);
    await expect(made.settled(put, 2_000_000)).rejects.toMatchObject({ code: "timeout", path: "chunks" });
    made.simulation.runFor(1_000 * CHUNK_TTL_SECONDS + 1_000);
    for (const machine of made.machines.values()) {
      expect(machine.state.size.files).toBe(0);
      expect(machine.dht.core!.holder.size).toBe(0);
    }
  });
});
