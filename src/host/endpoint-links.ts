/** The links of one driver on the endpoint of a transport. */
import type { Result, WireError } from "../errors.js";
import type { ExpectedServer } from "../identity.js";
import type { Driver, LinkId, Links } from "../machine/index.js";
import type { Endpoint, Link, LinkHandler } from "../transport/types.js";

/** What links tell the driver that they belong to. */
type LinkEvents = Pick<Driver<never, unknown, unknown>, "admit" | "opened" | "bytes" | "drained" | "ended" | "closed">;

/** Joins a driver, which knows links by id, to the links of an endpoint. Set `driver` before anything happens. */
export class EndpointLinks implements Links {
  driver!: LinkEvents;
  readonly #endpoint: Endpoint;
  readonly #links = new Map<LinkId, Link>();

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  /** A peer has opened a link. @returns undefined to refuse it */
  accepted(link: Link): LinkHandler | undefined {
    const id = this.driver.admit(link.peer);
    if (id === undefined) return undefined;
    this.#links.set(id, link);
    this.driver.opened(id, link.peer, link.identity);
    return this.#handler(id, link.peer);
  }

  connect(id: LinkId, peer: string, server?: ExpectedServer): void {
    this.#links.set(id, this.#endpoint.connect(peer, this.#handler(id, peer), server));
  }

  write(id: LinkId, bytes: Uint8Array): number {
    const link = this.#links.get(id)!;
    link.write(bytes);
    return link.queuedBytes;
  }

  shut(id: LinkId): void {
    this.#links.get(id)!.shut();
  }

  abort(id: LinkId): void {
    this.#links.get(id)!.abort();
  }

  pause(id: LinkId): void {
    this.#links.get(id)!.pause();
  }

  resume(id: LinkId): void {
    this.#links.get(id)!.resume();
  }

  datagram(peer: string, bytes: Uint8Array, local?: string): void {
    this.#endpoint.send(peer, bytes, local);
  }

  bind(local: string, done: (outcome: Result<string>) => void): void {
    void this.#bind(local, done);
  }

  release(local: string): void {
    this.#endpoint.release(local);
  }

  async #bind(local: string, done: (outcome: Result<string>) => void): Promise<void> {
    let outcome: Result<string>;
    try {
      outcome = { ok: true, value: await this.#endpoint.bind(local) };
    } catch (error) {
      outcome = { ok: false, error: (error as WireError).toJSON() };
    }
    done(outcome);
  }

  #handler(id: LinkId, peer: string): LinkHandler {
    const { driver } = this;
    return {
      opened: () => driver.opened(id, peer, this.#links.get(id)?.identity),
      bytes: (bytes, isGiven) => driver.bytes(id, bytes, isGiven),
      drained: () => driver.drained(id),
      ended: () => driver.ended(id),
      closed: (error) => {
        this.#links.delete(id);
        driver.closed(id, error);
      },
    };
  }
}
