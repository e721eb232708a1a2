/** A routing table as a picture: a line for each bucket that has contacts. */
import { toHex } from "../../bytes/index.js";
import type { Contact } from "../../protocols/dht/index.js";

/** Contacts that are named on the line of a bucket. */
const NAMED_MAX = 3;
const ID_DIGITS = 8;

/** The contacts of a bucket. */
export interface ShownBucket {
  readonly index: number;
  readonly live: readonly Contact[];
}

/** The lines of a table: a square for each contact, and the first of them by name. */
export function tableLines(buckets: readonly ShownBucket[]): string[] {
  const most = Math.max(1, ...buckets.map(({ live }) => live.length));
  const lines = buckets.map(({ index, live }) => {
    const bar = "■".repeat(live.length).padEnd(most);
    const named = live.slice(0, NAMED_MAX).map(({ id, address }) => `${toHex(id).slice(0, ID_DIGITS)} ${address}`);
    const more = live.length > NAMED_MAX ? `, ${live.length - NAMED_MAX} more` : "";
    return `${String(index).padStart(4)}  ${bar}  ${named.join(", ")}${more}`;
  });
  const count = buckets.reduce((sum, { live }) => sum + live.length, 0);
  return ["bits  contacts", ...lines, `${counted(count, "contact")} in ${counted(buckets.length, "bucket")}`];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
