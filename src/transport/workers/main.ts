/** The program of {@link workers}: started once, it starts the workers, which are this program again. */
import cluster from "node:cluster";
import type { WorkerSettings } from "./settings.js";
import { supervise } from "./supervisor.js";
import { serveOwner } from "./worker-process.js";

const settings = JSON.parse(process.argv[2]!) as WorkerSettings;
// A signal to all processes of a terminal or a service is the owner's business: it ends its workers when it has ended.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});
if (cluster.isPrimary) supervise(settings);
else serveOwner(settings);
