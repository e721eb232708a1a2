/**
 * Cells of transfers: whole files into a store and out of it, each in a process of its own, so that its peak of memory
 * is its own. Candidates take turns; one transfer of each is a round.
 *
 * @typedef {object} TransferCandidate
 * @property {string} name
 * @property {boolean} [ours] true for exactly one candidate of a cell
 * @property {string} module URL of a module with `open(folder)`, which gives `put(path)`, `get(path)` and `close()`
 *
 * @typedef {object} TransferCell
 * @property {string} name
 * @property {"put" | "get"} transfer
 * @property {number} [mib] size of its files where `--mib` says none; default 1024
 * @property {number} peakBytesMax what ours may take above an idle process
 * @property {TransferCandidate[]} candidates
 */
import { execFileSync } from "node:child_process";
import { closeSync, fsyncSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { oursOf, rivalsOf } from "./cell.mjs";
import { CONTROL, median, shuffled } from "./measure.mjs";
import { makeRandom } from "./random.mjs";

const MIB = 1024 * 1024;
const BLOCK_BYTES = 4 * MIB;
/** A file that `--smoke` transfers: three blocks, and a part of one. */
const SMOKE_MIB = 13;

/** A gibibyte takes longer than this, and has one round; small files have several: the disk is noisy. */
const [CELL_MS, ROUNDS_MAX] = [15_000, 9];

/** Whether a cell is a {@link TransferCell}. @param {object} cell */
export function isTransfer(cell) {
  return cell.transfer !== undefined;
}

/** Size of the files that are measured, in MiB: `--mib`, or that of the cell. */
function sizeMib({ mib = 1024 }) {
  return Number(process.env.SPECWIRE_BENCH_MIB ?? mib);
}

/**
 * Rounds, with the control, for as long as {@link CELL_MS}; the disk and the peaks go to standard error.
 * @param {TransferCell} cell
 * @returns {Record<string, number>} median of the nanoseconds of a transfer, by candidate
 */
export function measureTransfer(cell, onProgress = () => {}) {
  const rounds = [];
  for (const end = performance.now() + CELL_MS; rounds.length < ROUNDS_MAX;) {
    rounds.push(roundOf(cell, (share) => onProgress((rounds.length + share) / ROUNDS_MAX)));
    if (performance.now() >= end) break;
  }
  return Object.fromEntries(Object.keys(rounds[0]).map((name) => [name, median(rounds.map((times) => times[name]))]));
}

/** A transfer of each candidate, in nanoseconds. */
function roundOf(cell, onProgress) {
  const mib = sizeMib(cell);
  const times = {};
  const told = [];
  inFolder((root) => {
    const file = join(root, "file");
    told.push(`disk ${Math.round(writeFile(file, mib))} MiB/s`);
    const candidates = shuffled([...cell.candidates, { ...rivalsOf(cell)[0], name: CONTROL }]);
    for (const [index, { name, module, ours }] of candidates.entries()) {
      const { ms, peakBytes } = transfer(cell.transfer, module, file, join(root, `to-${index}`));
      times[name] = ms * 1e6;
      told.push(`${name} ${Math.round((mib * 1000) / ms)} MiB/s, ${Math.round(peakBytes / MIB)} MiB above idle`);
      if (ours && peakBytes > cell.peakBytesMax) throw new Error(`${cell.name}: ${told.at(-1)}`);
      onProgress((index + 1) / candidates.length);
    }
  });
  console.error(`${cell.name}, ${mib} MiB: ${told.join("; ")}`);
  return times;
}

/** A transfer of each candidate, whose bytes are compared. @returns one line per fault */
export function smokeTransfer(cell) {
  const faults = [];
  inFolder((root) => {
    const file = join(root, "file");
    writeFile(file, SMOKE_MIB);
    for (const [index, { name, module }] of cell.candidates.entries()) {
      try {
        const { peakBytes } = transfer(cell.transfer, module, file, join(root, `to-${index}`));
        if (name === oursOf(cell).name && peakBytes > cell.peakBytesMax)
          faults.push(`${cell.name}: ${peakBytes} bytes`);
      } catch (error) {
        faults.push(`${cell.name}: ${name}: ${error.message}`);
      }
    }
  });
  return faults;
}

function inFolder(work) {
  const root = mkdtempSync(join(tmpdir(), "bench-store-"));
  try {
    work(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** What is put is in the caches already, and what is got was put just before: warm for every candidate. */
function transfer(direction, module, file, folder) {
  const run = (...args) =>
    JSON.parse(execFileSync(process.execPath, [fileURLToPath(import.meta.url), ...args], { encoding: "utf8" }));
  if (direction === "get") run("put", module, file, folder);
  const result = run(direction, module, file, folder);
  rmSync(folder, { recursive: true });
  return result;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await child(...process.argv.slice(2));

/** One transfer, timed without the start of the process. */
async function child(direction, module, file, folder) {
  const { open } = await import(module);
  const { put, get, close } = await open(folder);
  const copy = join(folder, "copy");
  const idle = peakSoFar();
  const start = performance.now();
  if (direction === "put") await put(file);
  else await get(copy);
  const ms = performance.now() - start;
  const peak = peakSoFar() - idle;
  if (direction === "get") requireEqual(file, copy);
  await close();
  console.log(JSON.stringify({ ms, peakBytes: peak }));
}

/** The peak of resident memory so far: of a process that has done nothing but load, what is idle. */
function peakSoFar() {
  return 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]);
}

function requireEqual(file, copy) {
  execFileSync("cmp", [file, copy]);
}

/** Writes a file of random blocks. @returns MiB per second, synced */
function writeFile(path, mib) {
  const block = Buffer.from(makeRandom().bytes(BLOCK_BYTES));
  const file = openSync(path, "w");
  const start = performance.now();
  for (let at = 0; at < mib * MIB; at += BLOCK_BYTES) {
    block.writeDoubleLE(at, 0);
    writeSync(file, block, 0, Math.min(BLOCK_BYTES, mib * MIB - at));
  }
  fsyncSync(file);
  closeSync(file);
  return (mib * 1000) / (performance.now() - start);
}
