/** A routing table with all its rules against k-bucket, which has buckets and nothing else. */
import KBucket from "k-bucket";
import { RoutingTable } from "specwire/dht";
import { INPUTS, refuse } from "../lib/cell.mjs";
import { makeRandom } from "../lib/random.mjs";

const ID_BYTES = 20;
const K = 20;
const random = makeRandom();

export function tableCells() {
  return [closestCell("1,000", 1_000), insertCell("10,000", 10_000)];
}

const bad = { "an id of 19 bytes": new Uint8Array(19), "an id of 21 bytes": new Uint8Array(21) };

/** Contacts in networks of their own, so that no limit of groups counts; `place` identifies one. */
function contactsOf(count) {
  return Array.from({ length: count }, (_, place) => ({
    id: random.bytes(ID_BYTES),
    address: `20.${place >> 8}.${place & 255}.1:7100`,
    place,
  }));
}

function placeOf({ address }) {
  const [, high, low] = address.split(".");
  return 256 * Number(high) + Number(low);
}

/** The nearest contacts of a table to which so many were offered. */
function closestCell(title, count) {
  const id = random.bytes(ID_BYTES);
  const contacts = contactsOf(count);
  const ours = ourTable(id, contacts);
  const theirs = theirTable(id, contacts);
  const targets = Array.from({ length: INPUTS }, () => random.bytes(ID_BYTES));
  const byTable = (target) => {
    if (target.length !== ID_BYTES) refuse("an id of 20 bytes");
    return theirs.closest(target, K);
  };
  return {
    name: `20 nearest contacts of ${title} seen`,
    consume: (nearest) => {
      let sum = 0;
      for (let i = 0; i < nearest.length; i++) sum += nearest[i].id[19];
      return sum;
    },
    plain: (nearest) => nearest.map(placeOf),
    inputs: targets,
    bad,
    candidates: [
      { ...candidate("RoutingTable", targets, (target) => ours.closest(target, K)), ours: true },
      candidate("k-bucket", targets, byTable),
    ],
  };
}

/** A table of its own to which so many contacts are offered one after the other. */
function insertCell(title, count) {
  const contacts = contactsOf(count);
  const ids = Array.from({ length: INPUTS }, () => random.bytes(ID_BYTES));
  const build = (id) => {
    if (id.length !== ID_BYTES) refuse("an id of 20 bytes");
    return theirTable(id, contacts).toArray();
  };
  return {
    name: `${title} contacts, inserted`,
    items: count,
    consume: (kept) => {
      let sum = 0;
      for (let i = 0; i < kept.length; i++) sum += kept[i].id[19];
      return sum;
    },
    plain: (kept) => kept.map(placeOf).toSorted((a, b) => a - b),
    inputs: ids,
    bad,
    candidates: [
      { ...candidate("RoutingTable", ids, (id) => [...ourTable(id, contacts).contacts()]), ours: true },
      candidate("k-bucket", ids, build),
    ],
  };
}

function ourTable(id, contacts) {
  const table = new RoutingTable({ id, k: K });
  for (const contact of contacts) table.insert(contact.id, contact.address, 0);
  return table;
}

function theirTable(id, contacts) {
  const table = new KBucket({ localNodeId: id, numberOfNodesPerKBucket: K });
  for (const contact of contacts) table.add(contact);
  return table;
}

function candidate(name, inputs, once) {
  return { name, once, run: (i) => once(inputs[i]) };
}
