/** A cluster of processes for tests, in a folder of its own. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalCluster } from "../../../src/cli/dps/local-cluster.js";
import { bundleProgram } from "../../support/program.js";

/** A cluster, the program that it runs, and how both go away. */
export interface TestCluster {
  readonly cluster: LocalCluster;
  readonly program: string;
  readonly folder: string;
  /** Kills what runs, and removes the folder. */
  close(): Promise<void>;
}

/** Three servers that do not run yet. */
export async function makeCluster(more: { readonly backupEverySeconds?: number } = {}): Promise<TestCluster> {
  const program = await bundleProgram();
  const folder = mkdtempSync(join(tmpdir(), "specwire-dps-"));
  const cluster = await LocalCluster.make({ program, folder: join(folder, "cluster"), servers: 3, ...more });
  return {
    cluster,
    program,
    folder,
    async close() {
      await cluster.endAll("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
