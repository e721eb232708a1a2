/** A server is killed at a store of a put: what was acknowledged is there and right. */
import { expect, it } from "vitest";
import { sha256 } from "../../../src/kernel/index.js";
import { isWireError } from "../../../src/errors.js";
import { getFile, putFile } from "../../../src/protocols/dps/index.js";
import { bytesSource } from "../../../src/protocols/store/source.js";
import { simulate } from "../../../src/testing/index.js";
import { scaled } from "../../support/scale.js";
import { bytesOf, collected, DpsCluster, expectBytes } from "./cluster.js";

const SERVERS = 5;
/** Stores of one put, of all servers: of a file of four chunks there are about so many. */
const STORES_MAX = 80;
const SIZES = [0, 1, 5_000, 65_536, 70_000, 200_000];

it("has what a put acknowledged, whoever is killed at whichever store", { timeout: 600_000 }, async () => {
  let acknowledged = 0;
  let crashes = 0;
  await simulate(
    "has what a put acknowledged, whoever is killed at whichever store",
    { runs: scaled(5, 80), file: import.meta.url },
    async (simulation) => {
      const cluster = new DpsCluster(simulation, { servers: SERVERS });
      await cluster.ready();
      const bytes = bytesOf(simulation.random.pick(SIZES), simulation.run);
      cluster.crashAt(simulation.random.between(1, STORES_MAX));
      const putting = putFile(cluster.port(1), bytesSource(bytes), { name: "f", timeoutMs: 15_000 }, cluster.rules());
      const isAcknowledged = await cluster.settled(
        putting.then(
          () => true,
          (error: unknown) => {
            if (isWireError(error)) return false;
            throw error;
          },
        ),
        600_000,
      );
      if (isAcknowledged) acknowledged++;
      simulation.runFor(1_000);
      // Nobody is killed any more.
      cluster.crashAt(Infinity);
      if (cluster.crashed !== undefined) {
        crashes++;
        cluster.restart(cluster.crashed);
      }
      simulation.heal();
      simulation.runUntil(() => cluster.leader !== undefined, 30_000);
      simulation.runFor(5_000);
      for (let member = 1; member <= SERVERS; member++) {
        const options = { timeoutMs: 30_000 };
        const found = await cluster.settled(
          getFile(cluster.port(member), sha256(bytes), options).then(
            async (reading) => collected(reading.bytes),
            (error: unknown) => {
              if (isWireError(error) && error.code === "missing") return undefined;
              throw error;
            },
          ),
          600_000,
        );
        if (isAcknowledged || found !== undefined) expectBytes(found, bytes);
      }
    },
  );
  // Otherwise nothing was tried.
  expect(acknowledged).toBeGreaterThan(0);
  expect(crashes).toBeGreaterThan(0);
});
