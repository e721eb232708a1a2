/**
 * What a disk costs above a bare group log: stores of 1 KiB, each called back once it survives a crash. The bare log
 * appends what came during its last sync to one file, with nothing around it, and syncs that by fdatasync.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPageFileDisk, openSegmentDisk } from "specwire/storage";
import { INPUTS } from "../lib/cell.mjs";
import { openGroupLog } from "../lib/group-log.mjs";
import { makeRandom } from "../lib/random.mjs";

const STORE_BYTES = 1_024;
const PAGE_BYTES = 64 * 1_024;
/** A segment goes on in the next file after so many bytes, as a log does. */
const SEGMENT_BYTES = 8 * 1_024 * 1_024;

export const cells = [1, 64, 256].flatMap((inFlight) => [
  cellOf("segment files", inFlight, openSegments),
  cellOf("page files", inFlight, openPages),
]);

function cellOf(name, inFlight, openOurs) {
  const random = makeRandom();
  return {
    name: `store of 1 KiB, ${name}, ${inFlight} in flight`,
    inFlight,
    inputs: Array.from({ length: INPUTS }, () => random.bytes(STORE_BYTES)),
    plain: (outcome) => outcome.ok,
    candidates: [
      { name, ours: true, open: openOurs },
      { name: "group log", open: openLog },
    ],
  };
}

/** A folder that `close` removes. */
function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), "specwire bench "));
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}

async function openSegments() {
  const { folder, remove } = newFolder();
  const disk = await openSegmentDisk({ folder });
  let file = 0;
  let at = 0;
  return {
    exchange(bytes, done) {
      if (at + bytes.length > SEGMENT_BYTES) {
        file++;
        at = 0;
      }
      disk.store([{ key: `log/${file}`, at, bytes }], done);
      at += bytes.length;
    },
    close: () => disk.close().then(remove),
  };
}

/** One page after the other, round and round. */
async function openPages() {
  const { folder, remove } = newFolder();
  const layout = { pageBytes: PAGE_BYTES, pathOf: (key) => `${key}.page` };
  const disk = await openPageFileDisk({ folder, layout });
  let stores = 0;
  return {
    exchange(bytes, done) {
      const place = STORE_BYTES * stores++;
      const key = `${Math.floor(place / PAGE_BYTES) % 16}`;
      disk.store([{ key, at: place % PAGE_BYTES, bytes }], done);
    },
    close: () => disk.close().then(remove),
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
