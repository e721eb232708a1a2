/** The supervisor process: starts the workers and replaces those that die. */
import cluster from "node:cluster";
import { rmSync } from "node:fs";
import type { WorkerSettings } from "./settings.js";

/** At least this time lies between the starts of a worker and of its replacement. */
const RESTART_MS = 1_000;

/**
 * Starts the workers and replaces those that die. It runs in a process of its own as the primary of a `node:cluster`,
 * by which workers share a port: the owner's process may have a cluster of its own.
 */
export function supervise({ count, folder }: WorkerSettings): void {
  // Workers accept connections themselves; the primary hands out none.
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  const start = (): void => {
    const startedAtMs = performance.now();
    const worker = cluster.fork();
    // The empty callback ignores the error of an owner that has ended.
    worker.on("message", (path: string) => process.send!(path, undefined, undefined, () => {}));
    // A worker that dies during a message is replaced on `exit`.
    worker.on("error", () => {});
    worker.once("exit", () => setTimeout(start, Math.max(0, startedAtMs + RESTART_MS - performance.now())));
  };
  const end = (): void => {
    // By SIGKILL: workers that are starting, or hang, would not react to anything else.
    for (const worker of Object.values(cluster.workers!)) worker!.process.kill("SIGKILL");
    // Here too, because the owner may have been killed.
    rmSync(folder, { recursive: true, force: true });
    process.exit();
  };
  process.once("disconnect", end);
  // The owner may have ended while this program was loading.
  if (!process.connected) end();
  for (let i = 0; i < count; i++) start();
}
