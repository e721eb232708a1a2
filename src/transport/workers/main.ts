/** The program of {@link workers}: runs as the supervisor, which starts it again as each worker. */
import cluster from "node:cluster";
import type { WorkerSettings } from "./settings.js";
import { supervise } from "./supervisor.js";
import { serveOwner } from "./worker-process.js";

const settings = JSON.parse(process.argv[2]!) as WorkerSettings;
// Ignores signals to the whole process group: the owner ends its workers when it has ended itself.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});
if (cluster.isPrimary) supervise(settings);
else serveOwner(settings);
