/** The addresses that the machine of a driver binds. */
import type { Limits } from "../limits.js";
import { driverIssue } from "./driver-issues.js";
import type { Event, OpId } from "./types.js";
import type { Links } from "./world.js";

/** Binds addresses within their limit, and frees them when the machine is done with them. */
export class DriverAddresses {
  readonly #links: Links;
  readonly #limits: Limits;
  readonly #deliver: (event: Event<never>) => void;
  readonly #bound = new Set<string>();
  /** Binds in progress. */
  #pending = 0;
  /** The machine is out of service: nobody else would release an address. */
  #isClosed = false;

  constructor(links: Links, limits: Limits, deliver: (event: Event<never>) => void) {
    this.#links = links;
    this.#limits = limits;
    this.#deliver = deliver;
  }

  /** Binds in progress. */
  get pending(): number {
    return this.#pending;
  }

  bind(op: OpId, local: string): void {
    const count = this.#bound.size + this.#pending;
    if (count >= this.#limits.addressesMax) {
      const error = driverIssue("limit", `${count} addresses are bound`);
      this.#deliver({ type: "failed", op, error });
      return;
    }
    this.#pending++;
    this.#links.bind(local, (outcome) => {
      this.#pending--;
      if (outcome.ok && this.#isClosed) this.#links.release(outcome.value);
      else if (outcome.ok) this.#bound.add(outcome.value);
      this.#deliver(
        outcome.ok ? { type: "bound", op, local: outcome.value } : { type: "failed", op, error: outcome.error },
      );
    });
  }

  release(local: string): void {
    if (this.#bound.delete(local)) this.#links.release(local);
  }

  /** Frees every address, also those that are being bound. */
  releaseAll(): void {
    this.#isClosed = true;
    for (const local of this.#bound) this.release(local);
  }
}
