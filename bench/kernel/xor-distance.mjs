/** The nearest ids by XOR distance, from a sorted index and by a scan, and the buckets of ids. */
import KBucket from "k-bucket";
import { XorIndex, XorSet } from "specwire/kernel";
import { INPUTS, refuse } from "../lib/cell.mjs";
import { makeRandom } from "../lib/random.mjs";

const ID_BYTES = 20;
const K = 20;
/** Contacts offered to k-bucket, which keeps those that its buckets have room for. */
const OFFERED = 10_000;

const random = makeRandom();
const targets = Array.from({ length: INPUTS }, () => random.bytes(ID_BYTES));

export function xorDistanceCells() {
  return [tableCell(), scanCell("100,000", 100_000), scanCell("1,000,000", 1_000_000), bucketCell()];
}

const bad = { "an id of 19 bytes": new Uint8Array(19), "an id of 21 bytes": new Uint8Array(21) };

/** The contacts of a routing table; `place` identifies a contact. */
function tableCell() {
  const table = new KBucket({ localNodeId: random.bytes(ID_BYTES), numberOfNodesPerKBucket: K });
  for (let place = 0; place < OFFERED; place++) table.add({ id: random.bytes(ID_BYTES), place });
  const contacts = table.toArray();
  const index = new XorIndex(contacts.length);
  const bySlot = [];
  for (const contact of contacts) bySlot[index.insert(contact.id)] = contact;
  const slots = new Uint32Array(K);
  const byIndex = (target) => {
    const count = index.closest(target, K, slots).length;
    const nearest = new Array(count);
    for (let i = 0; i < count; i++) nearest[i] = bySlot[slots[i]];
    return nearest;
  };
  const byTable = (target) => {
    if (target.length !== ID_BYTES) refuse("an id of 20 bytes");
    return table.closest(target, K);
  };
  return {
    name: "top 20 of the contacts of k-bucket",
    consume: (nearest) => {
      let sum = 0;
      for (let i = 0; i < nearest.length; i++) sum += nearest[i].place;
      return sum;
    },
    plain: (nearest) => nearest.map(({ place }) => place),
    inputs: targets,
    bad,
    candidates: [{ ...candidate("XorIndex", byIndex), ours: true }, candidate("k-bucket", byTable)],
  };
}

function scanCell(title, count) {
  const ids = manyBytes(count * ID_BYTES);
  const set = new XorSet(count);
  set.assign(ids);
  const nearest = new Uint32Array(K);
  return {
    name: `top 20 of ${title}, scan`,
    consume: (indices) => {
      let sum = 0;
      for (let i = 0; i < indices.length; i++) sum += indices[i];
      return sum;
    },
    plain: (indices) => [...indices],
    inputs: targets,
    bad,
    candidates: [
      { ...candidate("XorSet", (target) => set.closest(target, K, nearest)), ours: true },
      candidate("JS scan", (target) => scan(ids, target)),
    ],
  };
}

/** A good scan in JavaScript: concatenated ids, compared up to the first different byte, and a sorted list. */
function scan(ids, target) {
  if (target.length !== ID_BYTES) refuse("an id of 20 bytes");
  const nearest = [];
  for (let at = 0; at < ids.length; at += ID_BYTES) {
    if (nearest.length === K && !isNearer(ids, target, at, nearest[K - 1])) continue;
    let place = nearest.length < K ? nearest.length : K - 1;
    for (; place > 0 && isNearer(ids, target, at, nearest[place - 1]); place--) nearest[place] = nearest[place - 1];
    nearest[place] = at;
  }
  return nearest.map((at) => at / ID_BYTES);
}

function isNearer(ids, target, a, b) {
  for (let i = 0; i < ID_BYTES; i++) {
    const difference = (ids[a + i] ^ target[i]) - (ids[b + i] ^ target[i]);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function bucketCell() {
  const count = 1000;
  const ids = manyBytes(count * ID_BYTES);
  const set = new XorSet(count);
  set.assign(ids);
  return {
    name: "bucket indices of 1,000",
    items: count,
    /** No id shares 255 bits, so that the search reads every byte. */
    consume: (lengths) => lengths.indexOf(255),
    plain: (lengths) => [...lengths],
    inputs: targets,
    bad,
    rooms: [0, count - 1],
    candidates: [
      { ...lengthsWriter("XorSet", count, (target, out) => set.prefixLengths(target, out)), ours: true },
      lengthsWriter("JS loop", count, (target, out) => bucketsInto(ids, target, out)),
    ],
  };
}

function bucketsInto(ids, target, out) {
  if (target.length !== ID_BYTES) refuse("an id of 20 bytes");
  if (out.length * ID_BYTES < ids.length) refuse("room for the indices");
  for (let index = 0, at = 0; at < ids.length; index++, at += ID_BYTES) {
    let i = 0;
    while (i < ID_BYTES && ids[at + i] === target[i]) i++;
    out[index] = i === ID_BYTES ? 160 : 8 * i + Math.clz32(ids[at + i] ^ target[i]) - 24;
  }
}

function lengthsWriter(name, count, write) {
  const lengths = new Uint8Array(count);
  // A Buffer: its search is faster than a loop that adds.
  const result = Buffer.from(lengths.buffer);
  const once = (target) => {
    write(target, lengths);
    return result;
  };
  return { ...candidate(name, once), onceInto: (target, room) => write(target, new Uint8Array(room)) };
}

function candidate(name, once) {
  return { name, once, run: (i) => once(targets[i]) };
}

function manyBytes(length) {
  const words = new Uint32Array(length / 4);
  for (let i = 0; i < words.length; i++) words[i] = random.below(2 ** 32);
  return new Uint8Array(words.buffer);
}
