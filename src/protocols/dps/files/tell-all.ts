/** Telling listeners of operations, as a host tells its own of the events of its machine. */
import type { LogSink } from "../../../machine/index.js";

/** Calls all listeners. The exception of one is logged: the operation goes on, and the others hear of it as well. */
export function tellAll<Event>(
  listeners: Iterable<(event: Event) => void>,
  event: Event,
  log: LogSink | undefined,
): void {
  for (const listener of listeners) {
    try {
      listener(event);
    } catch (error) {
      log?.({ level: "error", message: "a listener threw", fields: { error: String(error) } });
    }
  }
}
