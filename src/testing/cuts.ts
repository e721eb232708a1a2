/** Cuts of a simulated network: which hosts do not reach which. */
import type { Random } from "./random.js";

/** Whether nothing passes from one host to another. */
export type Cut = (from: string, to: string) => boolean;

/** Separates some hosts from all others. */
export function partitionOf(hosts: ReadonlySet<string>): Cut {
  return (from, to) => hosts.has(from) !== hosts.has(to);
}

/** Nothing passes from the first hosts to the second ones. */
export function oneWayCut(from: ReadonlySet<string>, to: ReadonlySet<string>): Cut {
  return (a, b) => from.has(a) && to.has(b);
}

/** Nothing passes between the first hosts and the second ones, in either direction. */
export function bothWaysCut(one: ReadonlySet<string>, other: ReadonlySet<string>): Cut {
  return (a, b) => (one.has(a) && other.has(b)) || (one.has(b) && other.has(a));
}

/** A drawn cut: of one host, of two halves with one host between them, or of all but the neighbours on a ring. */
export function drawCut(hosts: readonly string[], random: Random): { readonly cut: Cut; readonly text: string } {
  const shape = random.pick(["alone", "bridge", "ring"] as const);
  if (shape === "alone") {
    const host = random.pick(hosts);
    return { cut: partitionOf(new Set([host])), text: `cut off: ${host}` };
  }
  if (shape === "bridge") {
    const bridge = random.pick(hosts);
    const left = new Set(hosts.filter((host) => host !== bridge && random.chance(0.5)));
    const right = new Set(hosts.filter((host) => host !== bridge && !left.has(host)));
    return { cut: bothWaysCut(left, right), text: `halves that reach each other through ${bridge} alone` };
  }
  const place = new Map(hosts.map((host, i) => [host, i]));
  const isNeighbour = (from: string, to: string): boolean => {
    const distance = Math.abs((place.get(from) ?? 0) - (place.get(to) ?? 0));
    return distance <= 1 || distance === hosts.length - 1;
  };
  return { cut: (from, to) => !isNeighbour(from, to), text: "a ring of all hosts" };
}
