import cluster from "node:cluster";
import { rmSync } from "node:fs";
import type { WorkerSettings } from "./settings.js";

/** A worker that lived shorter than this is not replaced before it would have been this old. */
const RESTART_MS = 1_000;

/**
 * Starts the workers, and another for each that dies. A process of its own, because it has to be the primary of a
 * `node:cluster`, which is how they share their port: the process of the owner may have a cluster of its own.
 */
export function supervise({ count, folder }: WorkerSettings): void {
  // They take connections from the port themselves: nobody hands each of them over.
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  const start = (): void => {
    const startedAtMs = performance.now();
    const worker = cluster.fork();
    // Where the owner is gone, nobody is told.
    worker.on("message", (path: string) => process.send!(path, undefined, undefined, () => {}));
    // One that dies while it is told something is replaced like any other.
    worker.on("error", () => {});
    worker.once("exit", () => setTimeout(start, Math.max(0, startedAtMs + RESTART_MS - performance.now())));
  };
  const end = (): void => {
    // They have nothing left to do; those that are just starting, or hang, would not notice.
    for (const worker of Object.values(cluster.workers!)) worker!.process.kill("SIGKILL");
    // Here as well, in case that the owner is gone.
    rmSync(folder, { recursive: true, force: true });
    process.exit();
  };
  process.once("disconnect", end);
  // The owner may have gone while this program was being loaded, and nobody listened.
  if (!process.connected) end();
  for (let i = 0; i < count; i++) start();
}
