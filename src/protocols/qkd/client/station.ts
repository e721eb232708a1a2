/** One KME with all that a client keeps of it. */
import type { Millis } from "../../../machine/index.js";
import type { KmeStatus } from "../reply/index.js";
import type { Batches } from "./batches.js";
import type { Kme } from "./kme.js";
import type { Limits } from "./limits.js";
import type { KmeAddress } from "./options.js";

/** One KME of a client. */
export interface Station {
  readonly address: KmeAddress;
  readonly kme: Kme;
  readonly limits: Limits;
  readonly batches: Batches;
  /** Answers of `status`, by peer, for `statusCacheMs`. */
  readonly statuses: Map<string, { readonly status: KmeStatus; readonly atMs: Millis }>;
}

/** The KME ID of a station: as the options say, else as the KME does. */
export function kmeIdOf({ address, limits }: Station, peer: string): string {
  const { kmeId, url } = address;
  return kmeId === url ? (limits.get(peer)?.status.sourceKmeId ?? kmeId) : kmeId;
}

/** Whether a name is that of a station, by what is known of it: its own, or that of the KME at the other end. */
export function isNamed({ address, limits }: Station, peer: string, name: string): boolean {
  const { sourceKmeId, targetKmeId } = limits.get(peer)?.status ?? {};
  return [address.url, address.kmeId, sourceKmeId, targetKmeId].includes(name);
}

/** The stations in the order in which to ask them: the one that is named first. */
export function inOrder(stations: readonly Station[], peer: string, name: string | undefined): readonly Station[] {
  if (name === undefined) return stations;
  const is = (station: Station): boolean => isNamed(station, peer, name);
  return [...stations.filter(is), ...stations.filter((station) => !is(station))];
}
