/** MD5: new authenticity numbers of RAIDA from columns, and one message. */
import { createHash, hash } from "node:crypto";
import { createMD5 } from "hash-wasm";
import jsMd5 from "js-md5";
import { md5Into, md5Pans } from "specwire/kernel";
import { INPUTS, refuse } from "../lib/cell.mjs";
import { makeRandom } from "../lib/random.mjs";
import { badMessages, messagesOf, ofManyDigests, withWords } from "./digests.mjs";

const COINS = 4800;
const PG_BYTES = 16;
const DIGEST_BYTES = 16;
const MESSAGE_BYTES = 22;

const random = makeRandom();

export async function md5Cells() {
  const hashWasm = await createMD5();
  const digests = {
    node: (message) =>
      hash === undefined ? createHash("md5").update(message).digest() : hash("md5", message, "buffer"),
    "js-md5": (message) => jsMd5.array(message),
    "hash-wasm": (message) => hashWasm.init().update(message).digest("binary"),
  };
  return [pansCell(digests), messageCell("MD5, 64 B", 64, digests), messageCell("MD5, 64 KB", 65_536, digests)];
}

function pansCell(digests) {
  const inputs = Array.from({ length: INPUTS }, () => ({
    raidaId: random.below(25),
    denominations: Int8Array.from({ length: COINS }, () => random.below(10) - 2),
    serials: Uint32Array.from({ length: COINS }, () => random.below(2 ** 32)),
    pg: random.bytes(PG_BYTES),
  }));
  const [columns] = inputs;
  return {
    ...ofManyDigests,
    name: "MD5, 4,800 x 22 B from columns",
    items: COINS,
    inputs,
    bad: {
      "a serial too few": { ...columns, serials: columns.serials.subarray(1) },
      "a PG of 15 bytes": { ...columns, pg: columns.pg.subarray(1) },
      "RAIDA 256": { ...columns, raidaId: 256 },
    },
    rooms: [0, COINS * DIGEST_BYTES - 1],
    candidates: [
      { ...writer("md5Pans", COINS * DIGEST_BYTES, (input, out) => md5Pans(input, out), inputs), ours: true },
      ...Object.entries(digests).map(([name, digestOf]) =>
        writer(name, COINS * DIGEST_BYTES, (input, out) => pansOneByOne(input, out, digestOf), inputs),
      ),
    ],
  };
}

function pansOneByOne({ raidaId, denominations, serials, pg }, out, digestOf) {
  if (denominations.length !== serials.length) refuse("as many serials as denominations");
  if (pg.length !== PG_BYTES) refuse("a PG of 16 bytes");
  if (raidaId < 0 || raidaId > 255) refuse("a RAIDA of one byte");
  if (out.length < serials.length * DIGEST_BYTES) refuse("room for the digests");
  const message = new Uint8Array(MESSAGE_BYTES);
  const view = new DataView(message.buffer);
  message[0] = raidaId;
  message.set(pg, MESSAGE_BYTES - PG_BYTES);
  for (let i = 0; i < serials.length; i++) {
    view.setInt8(1, denominations[i]);
    view.setUint32(2, serials[i]);
    out.set(digestOf(message), i * DIGEST_BYTES);
  }
}

function messageCell(name, length, digests) {
  const inputs = messagesOf(random, length);
  return {
    ...ofManyDigests,
    name,
    inputs,
    bad: badMessages,
    rooms: [0, DIGEST_BYTES - 1],
    candidates: [
      { ...writer("md5Into", DIGEST_BYTES, (input, out) => md5Into(input, out), inputs), ours: true },
      ...Object.entries(digests).map(([rival, digestOf]) =>
        writer(rival, DIGEST_BYTES, (input, out) => digestOne(input, out, digestOf), inputs),
      ),
    ],
  };
}

function digestOne(message, out, digestOf) {
  if (!(message instanceof Uint8Array)) refuse("a Uint8Array");
  out.set(digestOf(message));
}

/** A candidate that writes to the same bytes in each run. */
function writer(name, room, write, inputs) {
  const bytes = new Uint8Array(room);
  const result = withWords(bytes);
  const once = (input) => {
    write(input, bytes);
    return result;
  };
  return {
    name,
    once,
    run: (i) => once(inputs[i]),
    onceInto: (input, space) => write(input, new Uint8Array(space)),
  };
}
