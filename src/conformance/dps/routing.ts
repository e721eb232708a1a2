/** Vectors of the DHT: distances, the nearest of many ids, and what routing tables refuse and answer. */
import { concatBytes, toHex } from "../../bytes/index.js";
import { isWireError } from "../../errors.js";
import { closestIds, ID_BYTES, xorDistance, xorPrefixLength } from "../../kernel/index.js";
import { BUCKETS, RoutingTable } from "../../protocols/dht/index.js";
import type { Field } from "../field.js";
import type { Outcome } from "../verdict.js";
import { compared } from "./compared.js";

const INT32_MAX = 0x7fffffff;

/** Distances, and the bucket in which one keeps the other. */
export function distances(vector: Field): Outcome {
  const [a, b] = [vector.get("a_hex").bytes(ID_BYTES), vector.get("b_hex").bytes(ID_BYTES)];
  const prefix = xorPrefixLength(a, b);
  const bucket = new RoutingTable({ id: a }).bucketOf(b);
  // The sources count buckets from either end; ours are those of the shared bits.
  const buckets: ["bucket_index_by_prefix_length" | "bucket_index_by_highest_differing_bit", number][] =
    bucket === BUCKETS
      ? []
      : [
          ["bucket_index_by_prefix_length", bucket],
          ["bucket_index_by_highest_differing_bit", BUCKETS - 1 - bucket],
        ];
  return compared(vector, [["distance_hex", toHex(xorDistance(a, b))], ["prefix_length", prefix], ...buckets]);
}

/** The nearest ids of a list, by the kernel and by a table that has them as contacts. */
export function nearest(vector: Field): Outcome {
  const target = vector.get("target_hex").bytes(ID_BYTES);
  const k = vector.get("k").integer(1, INT32_MAX);
  const ids = vector
    .get("nodes_hex")
    .items()
    .map((id) => id.bytes(ID_BYTES));
  const recorded = vector
    .get("closest_hex")
    .items()
    .map((id) => toHex(id.bytes(ID_BYTES)));
  const byKernel = Array.from(closestIds(concatBytes(...ids), target, k), (i) => toHex(ids[i]!));
  const table = new RoutingTable({ id: new Uint8Array(ID_BYTES), k: Math.max(ids.length, 3) });
  for (const [i, id] of ids.entries()) table.insert(id, `127.0.0.1:${1 + i}`, 0);
  const byTable = table.closest(target, k).map(({ id }) => toHex(id));
  const found = [byKernel, byTable].flatMap((ours, i) =>
    String(ours) === String(recorded) ? [] : [`closest_hex ${i}: expected ${String(recorded)}, got ${String(ours)}`],
  );
  return found.length === 0 ? { verdict: "equal" } : { verdict: "failed", differences: found };
}

/** Arguments with which a table is made or refused, with Go's words for the reason. */
export function constructors(vector: Field): Outcome {
  const id = Uint8Array.from({ length: vector.get("id_length").integer(0, 0xffff) }, (_, i) => i);
  const k = vector.get("k").integer(-INT32_MAX, INT32_MAX);
  const alpha = vector.get("alpha").integer(-INT32_MAX, INT32_MAX);
  const reason = refusalOf(() => new RoutingTable({ id, k, alpha }));
  if (reason === undefined) return compared(vector, [["ok", true]]);
  return compared(vector, [
    ["ok", false],
    ["error", reason],
  ]);
}

function refusalOf(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (isWireError(error) && error.code === "argument") return error.actual ?? "";
    throw error;
  }
}

/** Where a table answers otherwise than Go's map of addresses. */
const RULES = {
  "dht.known-contact": "a known contact that is inserted again was seen again: its place in the bucket says when",
  "dht.unknown-contact": "an unknown contact is an empty answer, and no error",
} as const;

/**
 * Operations on Go's router, a map of addresses, done on a table. Each is played by itself: "again" does the operation
 * once before.
 */
export function routerSteps(vector: Field): Outcome | undefined {
  const words = vector.get("op").text();
  const [action, subject, ...rest] = words.split(" ");
  const isAgain = rest.join(" ") === "again";
  const isFailure = vector.get("error").isGiven;
  const id = Uint8Array.from({ length: ID_BYTES }, (_, i) => i);
  const table = new RoutingTable({ id: new Uint8Array(ID_BYTES) });
  const insert = () => table.insert(id, `${subject}`, 0).added !== undefined;
  const remove = () => table.remove(id).removed !== undefined;
  const first = insert();
  if (words === "lookup removed id") {
    remove();
    return played("dht.unknown-contact", isFailure, table.lookup(id) === undefined);
  }
  if (subject === undefined || (rest.length > 0 && !isAgain)) return undefined;
  if (action === "insert") {
    return isAgain
      ? played("dht.known-contact", isFailure, !insert() && table.size === 1)
      : succeeded(isFailure, first);
  }
  if (action !== "remove") return undefined;
  const removed = remove();
  return isAgain
    ? played("dht.unknown-contact", isFailure, !remove() && table.size === 0)
    : succeeded(isFailure, removed);
}

function succeeded(isFailure: boolean, isDone: boolean): Outcome {
  if (!isFailure && isDone) return { verdict: "equal" };
  return { verdict: "failed", differences: [`error: ours ${isDone ? "succeeds" : "fails"}`] };
}

function played(rule: keyof typeof RULES, isFailure: boolean, isAsDescribed: boolean): Outcome {
  if (isFailure && isAsDescribed) return { verdict: "deviates", rule, reason: RULES[rule] };
  return { verdict: "failed", differences: [`error: not as ${rule} says`] };
}
