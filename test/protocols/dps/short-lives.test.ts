/** Files that live for a short time: their chunks live as long as their records do, also when that is changed. */
import { describe, expect, it } from "vitest";
import { bytesSource } from "../../../src/protocols/store/source.js";
import { commandsOf, getFile, putFile } from "../../../src/protocols/dps/index.js";
import { answerOf, requireDone } from "../../../src/protocols/dps/files/records.js";
import { NO_FAULTS, Simulation } from "../../../src/testing/index.js";
import { bytesOf, collected, DpsCluster, expectBytes } from "./cluster.js";

async function cluster(run: number): Promise<DpsCluster> {
  const made = new DpsCluster(new Simulation({ run, faults: NO_FAULTS }), { servers: 3 });
  await made.ready();
  return made;
}

async function expectFile(made: DpsCluster, hash: Uint8Array, bytes: Uint8Array): Promise<void> {
  const read = await made.settled(getFile(made.port(2), hash));
  expectBytes(await made.settled(collected(read.bytes)), bytes);
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
    const port = made.port(1);
    let stores = 0;
    const slow = {
      ...port,
      async dht(request: Parameters<typeof port.dht>[0], options: Parameters<typeof port.dht>[1]) {
        const outcome = await port.dht(request, options);
        if (request.type === "store" && ++stores > 1) made.simulation.runFor(6_000);
        return outcome;
      },
    };
    const rules = made.rules({ chunksAtOnce: 1 });
    const put = putFile(slow, bytesSource(bytes), { name: "f", ttlSeconds: 10 }, rules);
    const { file } = await made.settled(put);
    await expectFile(made, file.hash, bytes);
    made.simulation.runFor(12_000);
    await expect(made.settled(getFile(made.port(2), file.hash))).rejects.toMatchObject({ code: "missing" });
  });
});
