/** The servers of other projects that tests start, and a visible line where one is missing. */
import { findServer } from "../../scripts/servers/find.mjs";
import type { startEtcd } from "../../scripts/servers/start.mjs";

export { startEtcd, startNats } from "../../scripts/servers/start.mjs";

/** Servers that a test has started. */
export type Cluster = Awaited<ReturnType<typeof startEtcd>>;

/** Whether one of these programs is missing; says so, as the tests that need it are skipped. */
export function isServerMissing(...programs: readonly ("etcd" | "nats-server")[]): boolean {
  const missing = programs.filter((program) => findServer(program) === undefined);
  for (const program of missing) {
    process.stdout.write(`tests are skipped: ${program} is missing (node scripts/servers/install.mjs fetches it)\n`);
  }
  return missing.length > 0;
}
