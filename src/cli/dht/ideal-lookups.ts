/** What lookups would cost in a network in which each server has met all others. */
import { Lookup, RoutingTable, type LookupPeer } from "../../protocols/dht/index.js";
import type { DhtHost } from "./simulated-network.js";

/** Requests of lookups from full tables, which are filled when they are asked. */
export class IdealLookups {
  readonly #hosts: ReadonlyMap<string, DhtHost>;
  readonly #k: number;
  readonly #alpha: number;
  readonly #tables = new Map<string, RoutingTable>();

  /** @param hosts those that are up; no table has one that is hidden */
  constructor(hosts: readonly DhtHost[], { k, alpha }: { readonly k: number; readonly alpha: number }) {
    this.#hosts = new Map(hosts.map((host) => [host.address, host]));
    this.#k = k;
    this.#alpha = alpha;
  }

  /** Requests of one lookup, of which α go at a time and all are answered. */
  requests(address: string, target: Uint8Array): number {
    const lookup = new Lookup(target, { k: this.#k, alpha: this.#alpha }, this.#tableOf(address).closest(target));
    while (!lookup.isOver) {
      const asked: LookupPeer[] = [];
      for (let peer = lookup.next(); peer !== undefined; peer = lookup.next()) asked.push(peer);
      for (const peer of asked) {
        const named = this.#tableOf(peer.address).closest(target);
        lookup.answered(
          peer.id,
          named.filter((other) => other.address !== address),
        );
      }
    }
    return lookup.asked;
  }

  #tableOf(address: string): RoutingTable {
    let table = this.#tables.get(address);
    if (table === undefined) {
      table = new RoutingTable({ id: this.#hosts.get(address)!.id, k: this.#k, alpha: this.#alpha });
      for (const { id, address: other, isHidden } of this.#hosts.values()) {
        if (other !== address && !isHidden) table.insert(id, other, 0);
      }
      this.#tables.set(address, table);
    }
    return table;
  }
}
