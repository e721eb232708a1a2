/** Measures the candidates of a cell in this process, interleaved: the rules are ours, the clock is tinybench's. */
import { Bench } from "tinybench";
import { INPUTS, rivalsOf } from "./cell.mjs";

const WARM_PASSES = 3;
const WARM_MS = 90;
const BATCH_MS = 0.7;
/** A round is a run of a few batches of each candidate: their order changes from round to round. */
const ROUNDS = 24;
const BATCHES = 3;
/** Results kept alive. Few, as in a program that drops them: many would add garbage collection to the times. */
const RING = 4;

/** Name of the control: the first rival, measured a second time. */
export const CONTROL = "control";

/**
 * @param {import("./cell.mjs").Cell} cell
 * @param {(share: number) => void} [onProgress] gets the share of the rounds that are over
 * @returns {Record<string, number>} median of the nanoseconds per item, by candidate
 */
export function measureCell(cell, onProgress = () => {}) {
  const candidates = [...cell.candidates, { ...rivalsOf(cell)[0], name: CONTROL }];
  const entries = candidates.map((candidate) => ({ name: candidate.name, loop: makeLoop(cell, candidate), times: [] }));
  for (let pass = 0; pass < WARM_PASSES; pass++) for (const entry of entries) warm(entry);
  for (const entry of entries) entry.runs = runsOfBatch(entry.loop);
  const bench = benchOf(BATCHES);
  // One iteration is one batch: a call of its own would take longer than what many cells measure.
  for (const { name, loop, runs } of entries) bench.add(name, () => keep(loop(runs)), { async: false });
  const tasks = entries.map((entry) => ({ ...entry, task: bench.getTask(entry.name) }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const { task, times, runs } of shuffled(tasks)) times.push(...roundOf(task).map((ms) => ms / runs));
    onProgress((round + 1) / ROUNDS);
  }
  const items = cell.items ?? 1;
  return Object.fromEntries(entries.map(({ name, times }) => [name, (median(times) * 1e6) / items]));
}

/** A bench whose tasks run `iterations` times, no more, without a warm-up: ours comes before. */
export function benchOf(iterations) {
  return new Bench({
    iterations,
    time: 0,
    warmup: false,
    retainSamples: true,
    throws: true,
    timestampProvider: "hrtimeNow",
  });
}

/** Runs a task once more; returns the times of its iterations in milliseconds. */
export function roundOf(task) {
  // A task that has run does not run again by itself.
  task.reset(false);
  return [...task.runSync().result.latency.samples];
}

/** {@link roundOf} of a task that waits. */
export async function liveRoundOf(task) {
  task.reset(false);
  return [...(await task.run()).result.latency.samples];
}

let loops = 0;

/**
 * Makes a loop for one candidate. V8 shares type feedback between functions with equal sources, so a comment makes each
 * source unique. Results go to a ring: otherwise V8 would not allocate them.
 */
function makeLoop(cell, candidate) {
  const consume = candidate.consume ?? cell.consume;
  // oxlint-disable-next-line no-new-func -- the only way to a unique source; all of it is ours
  const make = new Function(
    "run",
    "ring",
    `/* ${++loops} */
    const consume = ${consume};
    return function loop(runs) {
      let sum = 0;
      for (let i = 0; i < runs; i++) {
        const result = run(i & ${INPUTS - 1});
        ring[i & ${RING - 1}] = result;
        sum += consume(result);
      }
      return sum;
    };`,
  );
  return make(candidate.run, new Array(RING).fill(null));
}

function warm(entry) {
  const end = performance.now() + WARM_MS;
  for (let runs = 16; performance.now() < end;) if (timeMs(entry.loop, runs) < 0.3) runs *= 2;
}

function runsOfBatch(loop) {
  for (let runs = 1; ; runs *= 2) {
    const ms = timeMs(loop, runs);
    if (ms > BATCH_MS / 2) return Math.max(1, Math.round((runs * BATCH_MS) / ms));
  }
}

let sink = 0;

/** Uses the sum of a batch, so that V8 cannot drop the work. */
function keep(sum) {
  sink += sum;
  if (Number.isNaN(sink)) throw new Error("a field of a result is not a number");
}

function timeMs(loop, runs) {
  const start = process.hrtime.bigint();
  const sum = loop(runs);
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  keep(sum);
  return ms;
}

export function shuffled(list) {
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i--) {
    const k = Math.floor(Math.random() * (i + 1));
    [copy[i], copy[k]] = [copy[k], copy[i]];
  }
  return copy;
}

export function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
