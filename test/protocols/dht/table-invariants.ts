/** What holds of a routing table after every change. */
import { equalBytes, toHex } from "../../../src/bytes/index.js";
import { addressGroup, type AddressGroup } from "../../../src/protocols/dht/contact.js";
import type { RoutingTable } from "../../../src/protocols/dht/index.js";

/** The limits of groups that a table has. */
export interface GroupLimits {
  readonly perGroupPerBucketMax: number;
  readonly perGroupMax: number;
}

const hexes = new WeakMap<Uint8Array, string>();
const groups = new Map<string, AddressGroup | undefined>();

/** The hex digits of an id that does not change; the same few are asked for after every step. */
export function hexOf(id: Uint8Array): string {
  let hex = hexes.get(id);
  if (hex === undefined) hexes.set(id, (hex = toHex(id)));
  return hex;
}

function groupOf(address: string): AddressGroup | undefined {
  if (!groups.has(address)) groups.set(address, addressGroup(address));
  return groups.get(address);
}

/** The invariants of a table that are broken, each as a sentence. */
export function brokenInvariants(table: RoutingTable, { perGroupPerBucketMax, perGroupMax }: GroupLimits): string[] {
  const broken: string[] = [];
  const bucketOfId = new Map<string, number>();
  const ofGroup = new Map<AddressGroup, number>();
  const indexes = new Set<number>();
  for (const { id } of table.contacts()) indexes.add(table.bucketOf(id));
  // A bucket without contacts has no replacements either.
  for (const index of indexes) {
    const { live, replacements } = table.bucket(index);
    if (live.length > table.k) broken.push(`bucket ${index} has ${live.length} contacts`);
    if (replacements.length > table.k) broken.push(`bucket ${index} has ${replacements.length} replacements`);
    const ofBucket = new Map<AddressGroup, number>();
    for (const contact of [...live, ...replacements]) {
      const id = hexOf(contact.id);
      if (bucketOfId.has(id)) broken.push(`${id} is in buckets ${bucketOfId.get(id)} and ${index}`);
      bucketOfId.set(id, index);
      if (table.bucketOf(contact.id) !== index) broken.push(`${id} is in the wrong bucket ${index}`);
      if (equalBytes(contact.id, table.id)) broken.push("the table has its own id");
    }
    for (const { address } of live) {
      const group = groupOf(address);
      if (group === undefined) continue;
      ofBucket.set(group, (ofBucket.get(group) ?? 0) + 1);
      ofGroup.set(group, (ofGroup.get(group) ?? 0) + 1);
    }
    for (const [group, count] of ofBucket) {
      if (count > perGroupPerBucketMax) broken.push(`bucket ${index} has ${count} contacts of ${group}`);
    }
    for (let i = 1; i < live.length; i++) {
      if (live[i]!.lastSeenMs < live[i - 1]!.lastSeenMs) broken.push(`bucket ${index} is not in the order of sight`);
    }
  }
  for (const [group, count] of ofGroup) if (count > perGroupMax) broken.push(`the table has ${count} of ${group}`);
  const listed = [...table.contacts()];
  if (listed.length !== table.size) broken.push(`size is ${table.size}, and ${listed.length} contacts are listed`);
  const handedOut = table.closest(table.id, table.size + 1);
  const expected = listed.filter(({ failures }) => failures < 2).length;
  if (handedOut.length !== expected) broken.push(`${handedOut.length} contacts are handed out, not ${expected}`);
  for (const { id } of listed) if (table.find(id) === undefined) broken.push(`${hexOf(id)} is listed and not found`);
  return broken;
}
