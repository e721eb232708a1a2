/** Three members in processes of their own, whose leader is killed again and again under load. */
import { afterEach, describe, expect, test } from "vitest";
import { tls } from "../../../src/transport/index.js";
import { scaled } from "../../support/scale.js";
import { find, Load } from "./load.js";
import { ProcessCluster } from "./processes.js";

const KILLS = scaled(2, 20);
const TEST_MS = 20 * 60_000 + 120_000;

let cluster: ProcessCluster | undefined;
afterEach(async () => {
  await cluster?.end();
  cluster = undefined;
});

describe.each(["TCP", "TLS"] as const)("over %s", (over) => {
  test(
    `${KILLS} leaders that are killed take nothing along that was acknowledged`,
    async () => {
      cluster = await ProcessCluster.found(over);
      await cluster.startAll();
      const load = new Load(() => cluster!.connect());
      const watching = cluster.connect();
      for (let kill = 0; kill < KILLS; kill++) {
        await load.goesOn();
        const leader = await cluster.leader(watching);
        await cluster.members.get(leader)!.stop("SIGKILL");
        // The two others go on.
        await load.goesOn();
        await cluster.start(leader);
      }
      if (cluster.authority !== undefined) {
        expect(cluster.ask("put", "a", "1", "--timeout", "25000")).toMatch(/^done at/);
        // Who shows no certificate is not served.
        const stranger = cluster.connect(tls({ authorities: cluster.authority }));
        await expect(find(stranger, "a", 1_000)).rejects.toMatchObject({ code: "timeout" });
      }
      await load.end(watching);
      const { history, longestGapMs } = load.seen;
      const unknown = history.filter(({ returnedAt }) => returnedAt === undefined).length;
      const counts = `${history.length} operations, ${unknown} uncertain`;
      if (process.env["SPECWIRE_SIMULATE"] !== undefined) {
        process.stdout.write(`${KILLS} kills over ${over}: ${counts}, longest gap ${longestGapMs.toFixed(0)} ms\n`);
      }
      // A leader that ends by itself hands over and leaves with 0.
      for (const member of cluster.members.values()) expect(await member.stop()).toBe(0);
    },
    TEST_MS,
  );
});
