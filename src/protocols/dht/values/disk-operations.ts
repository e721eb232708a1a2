/** Operations on the disk of a server of the DHT. */
import { DiskOperations as Operations, type StoreDone as Done } from "../../../machine/index.js";
import type { DhtEvent, DhtOutcome } from "../core/types.js";

/** How an operation ended; false if it failed. */
export type StoreDone = Done<DhtOutcome, DhtEvent>;

/** The operations of a server that are under way. */
export class DiskOperations extends Operations<DhtOutcome, DhtEvent> {}
