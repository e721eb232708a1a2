/**
 * Validation of blocks by the hash of Go's gob against a version by hand on node:crypto, which does the same: the hash
 * of the block before, and the own one. Of 1 MiB also against the bare SHA-256 of Node. Appends that survive a crash
 * against a bare log.
 */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ChainValidator, genesisBlock, gobHashing, makeBlock } from "specwire/chain";
import { openChain } from "specwire/chain/node";
import { WireError } from "specwire/codec";
import { INPUTS, refuse } from "../lib/cell.mjs";
import { openGroupLog } from "../lib/group-log.mjs";
import { makeRandom } from "../lib/random.mjs";
import { gobHashByHand } from "./by-hand.mjs";

const HASHING = gobHashing();
const SIZES = { "1 KiB": 1024, "64 KiB": 65_536, "1 MiB": 1_048_576 };

export const cells = [...Object.entries(SIZES).map(([name, bytes]) => validateCell(name, bytes)), appendCell()];

/** Two blocks, of which the second is validated. */
function validateCell(name, bytes) {
  const random = makeRandom();
  const pairs = Array.from({ length: INPUTS }, () => {
    const first = genesisBlock({ timeNs: 1_771_200_000_000_000_000n, nonce: BigInt(random.below(2 ** 31)) });
    const init = { prevHash: first.hash, index: 1n, data: random.bytes(bytes), timeNs: first.timeNs + 1n, nonce: 7n };
    return [first, makeBlock(init, HASHING)];
  });
  const [first, second] = pairs[0];
  const changed = { ...second.data, data: second.data.data.map((byte, i) => (i === 9 ? byte ^ 1 : byte)) };
  const candidate = (called, validate) => ({ name: called, run: (i) => validate(pairs[i]), once: validate });
  const candidates = [{ ...candidate("specwire", validateOurs), ours: true }, candidate("by hand", validateByHand)];
  // What no validation can do without; it refuses nothing, so it is asked for the hash that was made before.
  if (bytes === SIZES["1 MiB"]) candidates.push(candidate("bare SHA-256", bareOf(pairs)));
  return {
    name: `validate a block of ${name}, gob`,
    inputs: pairs,
    consume: (ok) => (ok ? 1 : 0),
    plain: (ok) => ok,
    bad: {
      "another block in front": [{ ...first, hash: new Uint8Array(32) }, second],
      "data that was changed": [first, { ...second, data: changed }],
    },
    candidates,
  };
}

function validateOurs([first, second]) {
  const validator = new ChainValidator({ profile: "reference" }, HASHING);
  validator.take(first);
  if (validator.take(second)) return true;
  const { path, reason } = validator.finish().firstBad;
  throw new WireError({ code: "argument", format: "chain", path, actual: reason });
}

function validateByHand([first, second]) {
  const isNext = Buffer.compare(first.hash, second.prevHash) === 0;
  if (isNext && gobHashByHand(second).compare(second.hash) === 0) return true;
  return refuse("not the next block");
}

/** SHA-256 of the data alone, compared with what it was. */
function bareOf(pairs) {
  const known = new Map(pairs.map(([, { data }]) => [data.data, createHash("sha256").update(data.data).digest()]));
  return ([first, second]) => {
    const expected = known.get(second.data.data);
    const isNext = Buffer.compare(first.hash, second.prevHash) === 0;
    const found = createHash("sha256").update(second.data.data).digest();
    if (isNext && expected !== undefined && found.equals(expected)) return true;
    return refuse("not the next block");
  };
}

function appendCell() {
  const random = makeRandom();
  return {
    name: "append of 1 KiB, durable, 1 in flight",
    inFlight: 1,
    inputs: Array.from({ length: INPUTS }, () => random.bytes(1_024)),
    plain: (outcome) => outcome.ok,
    candidates: [
      { name: "specwire", ours: true, open: openOurs },
      { name: "write and fdatasync", open: openLog },
    ],
  };
}

/** A folder that `close` removes. */
function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), "specwire bench "));
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}

async function openOurs() {
  const { folder, remove } = newFolder();
  const chain = await openChain({ folder, genesis: {} });
  return {
    async exchange(bytes, done) {
      await chain.append(bytes);
      done({ ok: true });
    },
    close: () => chain.close().then(remove),
  };
}

async function openLog() {
  const { folder, remove } = newFolder();
  const { append, close } = await openGroupLog(join(folder, "log"));
  return {
    exchange: (bytes, done) => append(bytes, () => done({ ok: true })),
    close: () => close().then(remove),
  };
}
