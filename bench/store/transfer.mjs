/**
 * Files into the key store and out of it, against a pipeline by hand on Node with the same hashes and as many synced
 * files: `node bench/store/transfer.mjs [MIB] [ROUNDS]`, by default 256 and 3; reported, without gates. Each transfer
 * runs in a process of its own, in turns, so that its peak of memory is its own. The pipeline reads the file once and
 * names its chunks at the end; the store must know the hash before, and reads it twice.
 */
import { execFileSync } from "node:child_process";
import { closeSync, fsyncSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median, shuffled } from "../lib/measure.mjs";
import { makeRandom } from "../lib/random.mjs";
import { subject } from "../lib/subject.mjs";

const MIB = 1024 * 1024;
const BLOCK_BYTES = 4 * MIB;
const CANDIDATES = ["store", "pipeline"];

/** The candidates, by name; a child process loads its own. */
const LOADERS = {
  store: () => import("./ours.mjs"),
  pipeline: () => import("./pipeline.mjs"),
};

const [mode] = process.argv.slice(2);
if (mode === "child") await child(...process.argv.slice(3));
else await compare(Number(process.argv[2] ?? 256), Number(process.argv[3] ?? 3));

async function compare(mib, rounds) {
  const root = mkdtempSync(join(tmpdir(), "bench-store-"));
  try {
    const file = join(root, "file");
    console.log(`disk: ${Math.round(writeFile(file, mib))} MiB/s written and synced`);
    const results = [];
    for (let round = 0; round < rounds; round++) {
      for (const name of shuffled(CANDIDATES)) {
        const folder = join(root, `${name}-${round}`);
        for (const direction of ["put", "get"])
          results.push({ name, direction, ...inChild(name, direction, file, folder) });
        rmSync(folder, { recursive: true });
      }
    }
    for (const direction of ["put", "get"]) report(direction, mib, results);
    console.log(Object.values(subject()).join(", "));
  } finally {
    rmSync(root, { recursive: true });
  }
}

function report(direction, mib, results) {
  const of = (name, figure) =>
    results.filter((one) => one.name === name && one.direction === direction).map((one) => one[figure]);
  for (const name of CANDIDATES) {
    const ms = median(of(name, "ms"));
    const peak = Math.round(Math.max(...of(name, "peakBytes")) / MIB);
    console.log(
      `${direction} ${name}: ${Math.round(ms)} ms, ${Math.round((mib * 1000) / ms)} MiB/s, ${peak} MiB above idle`,
    );
  }
  console.log(
    `${direction}: ${(median(of("pipeline", "ms")) / median(of("store", "ms"))).toFixed(2)} of the pipeline's speed`,
  );
}

function inChild(...args) {
  const program = fileURLToPath(import.meta.url);
  return JSON.parse(execFileSync(process.execPath, [program, "child", ...args], { encoding: "utf8" }));
}

/** One transfer, timed without the start of the process; the caches of the file are warm for both. */
async function child(name, direction, file, folder) {
  const { open } = await LOADERS[name]();
  const { put, get, close } = await open(folder);
  const idle = peakBytes();
  const start = performance.now();
  if (direction === "put") await put(file);
  else await get(join(folder, "..", "copy"));
  const ms = performance.now() - start;
  const peak = peakBytes() - idle;
  if (direction === "get" && !readFileSync(file).equals(readFileSync(join(folder, "..", "copy"))))
    throw new Error("differs");
  await close();
  console.log(JSON.stringify({ ms, peakBytes: peak }));
}

/** The peak of resident memory so far: of a process that has done nothing but load, what is idle. */
function peakBytes() {
  return 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]);
}

/** Writes a file of random blocks. @returns MiB per second, synced */
function writeFile(path, mib) {
  const random = makeRandom();
  const block = Buffer.from(random.bytes(BLOCK_BYTES));
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
