/** Which program each server of a network runs. Nothing on the wire tells it, so the user does. */
import { RAIDA_COUNT, type RaidaId } from "./protocol.js";

/** The C server, or a server of this package. */
export type ServerKind = "c-server" | "specwire";

/** The kind of all servers, or of each by id. One without a kind counts as a C server. */
export type ServerKinds = ServerKind | readonly ServerKind[];

/** The names of the kinds. */
export const SERVER_KINDS: readonly ServerKind[] = ["c-server", "specwire"];

/**
 * Times after which an unanswered connection to a C server is followed by an empty one. A C server accepts one
 * connection of several that arrive at once, and the next one when another arrives (seeds/raida, transport).
 */
export const NUDGE_MS: readonly number[] = [3_000, 6_000, 12_000];

/** How long a C server may carry out a fix, with a margin: it crashes if its client leaves before. */
export const C_FIX_MS = 33_000;

/** Whether a server counts as a C server. */
export function isCServer(kinds: ServerKinds | undefined, server: RaidaId): boolean {
  return (typeof kinds === "object" ? kinds[server] : kinds) !== "specwire";
}

/** Whether any server counts as a C server. */
export function hasCServer(kinds: ServerKinds | undefined): boolean {
  return Array.from({ length: RAIDA_COUNT }, (_, server) => server).some((server) => isCServer(kinds, server));
}

/** Checks a value of a caller that may have no types. */
export function areServerKinds(value: unknown): value is ServerKinds {
  const isKind = (one: unknown): boolean => SERVER_KINDS.some((kind) => kind === one);
  if (!Array.isArray(value)) return isKind(value);
  return value.length <= RAIDA_COUNT && Array.from(value).every(isKind);
}
