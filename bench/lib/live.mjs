/**
 * Cells with asynchronous work, such as sockets: a run reports its result by a callback.
 *
 * @typedef {object} Session
 * @property {(input: any, done: (output: any) => void) => void} exchange does one exchange
 * @property {() => Promise<number>} [cpuNs] what the server has had of the processor
 * @property {() => Promise<void>} close
 *
 * @typedef {object} LiveCandidate
 * @property {string} name
 * @property {boolean} [ours] true for exactly one candidate of a cell
 * @property {() => Promise<Session>} open
 *
 * @typedef {object} LiveCell
 * @property {string} name
 * @property {number} inFlight number of concurrent exchanges
 * @property {number} [each] operations per exchange; the table then reports operations per second
 * @property {"cpu"} [takes] asks for the server's share of the processor, a mean, instead of time that passes
 * @property {Partial<typeof EFFORT>} [effort] another effort than usual, for exchanges that take milliseconds
 * @property {unknown[]} inputs taken in turn
 * @property {(output: any) => unknown} plain an output as plain data; equal for all candidates
 * @property {LiveCandidate[]} candidates
 * @property {string[]} [absent] rivals that are not installed: their gates do not apply
 */
import { isDeepStrictEqual } from "node:util";
import { oursOf, rivalsOf } from "./cell.mjs";
import { benchOf, CONTROL, liveRoundOf, median, shuffled } from "./measure.mjs";

/**
 * Effort of a measurement. Batches are longer than those of measure.mjs, because sockets are noisy. After `cellMs` of
 * rounds no further one begins, but for {@link ROUNDS_MIN}: a batch may take seconds, and the disk decides how many.
 */
const EFFORT = { warmMs: 400, batchMs: 15, rounds: 14, batches: 3, cellMs: 20_000 };
/** Fewer batches have no median to speak of. */
const ROUNDS_MIN = 3;
/** Least exchanges per batch, in multiples of `inFlight` above 1: with fewer, the full number is rarely in flight. */
const BATCH_WINDOWS_MIN = 4;
/** The same where a batch of so many would be a long one for some candidate: on average, 3 of 4 are in flight then. */
const [LONG_BATCH_MS, LONG_BATCH_WINDOWS_MIN] = [1_000, 2];

/** Whether a cell is a {@link LiveCell}. @param {object} cell */
export function isLive(cell) {
  return cell.inFlight !== undefined;
}

/**
 * @param {LiveCell} cell
 * @param {{ warmMs: number, batchMs: number, rounds: number, batches?: number, cellMs?: number }} [effort]
 * @param {(share: number) => void} [onProgress] gets the share of the rounds that are over
 * @returns {Promise<Record<string, number>>} nanoseconds per exchange, by candidate: their median, or the mean if the
 *   cell asks for the processor's
 */
export async function measureLive(
  cell,
  { warmMs, batchMs, rounds, batches = 1, cellMs = EFFORT.cellMs } = { ...EFFORT, ...cell.effort },
  onProgress = () => {},
) {
  const candidates = [...cell.candidates, { ...rivalsOf(cell)[0], name: CONTROL }];
  const entries = [];
  for (const { name, open } of candidates) entries.push({ name, session: await open(), times: [] });
  const isCpu = cell.takes === "cpu";
  for (const entry of entries) Object.assign(entry, await warm(cell, entry.session, warmMs, batchMs));
  const least = leastOf(cell.inFlight, Math.max(...entries.map(({ ms }) => ms)));
  for (const entry of entries) entry.runs = Math.max(least, entry.runs);
  const bench = benchOf(batches);
  for (const { name, session, runs } of entries) bench.add(name, () => timeMs(cell, session, runs), { async: true });
  for (const entry of entries) if (isCpu) entry.cpuNs = await entry.session.cpuNs();
  const end = performance.now() + cellMs;
  for (let round = 0; round < rounds && (round < ROUNDS_MIN || performance.now() < end); round++) {
    for (const { name, runs, times } of shuffled(entries)) {
      times.push(...(await liveRoundOf(bench.getTask(name))).map((ms) => ms / runs));
    }
    onProgress((round + 1) / rounds);
  }
  for (const entry of entries) if (isCpu) entry.cpuNs = (await entry.session.cpuNs()) - entry.cpuNs;
  for (const { session } of entries) await session.close();
  const figure = ({ cpuNs, runs, times }) => (isCpu ? cpuNs / (times.length * runs) : median(times) * 1e6);
  return Object.fromEntries(entries.map((entry) => [entry.name, figure(entry)]));
}

/**
 * Batches that grow to `batchMs`; the first is as much as is in flight, for it may take seconds.
 * @returns how long an exchange takes, and exchanges per batch
 */
async function warm(cell, session, warmMs, batchMs) {
  let runs = cell.inFlight;
  for (const end = performance.now() + warmMs; ;) {
    const ms = (await timeMs(cell, session, runs)) / runs;
    runs = Math.max(cell.inFlight, Math.min(4 * runs, Math.round(batchMs / ms)));
    if (performance.now() >= end) return { ms, runs };
  }
}

/** The least exchanges per batch, the same for all candidates. @param ms how long one takes the slowest */
function leastOf(inFlight, ms) {
  // What runs alone has no others to be under way with.
  if (inFlight === 1) return 1;
  const usual = BATCH_WINDOWS_MIN * inFlight;
  return usual * ms < LONG_BATCH_MS ? usual : LONG_BATCH_WINDOWS_MIN * inFlight;
}

function timeMs({ inFlight, inputs }, { exchange }, runs) {
  return new Promise((resolve) => {
    const start = performance.now();
    let begun = 0;
    let done = 0;
    const next = () => {
      if (begun < runs) exchange(inputs[begun++ % inputs.length], onDone);
    };
    const onDone = () => {
      if (++done === runs) resolve(performance.now() - start);
      else next();
    };
    for (let i = 0; i < inFlight; i++) next();
  });
}

/**
 * @param {LiveCell} cell
 * @returns {Promise<string[]>} one line per difference between the candidates
 */
export async function smokeLive(cell) {
  const faults = [];
  const ours = await outputsOf(cell, oursOf(cell));
  for (const rival of rivalsOf(cell)) {
    const outputs = await outputsOf(cell, rival);
    const differs = outputs.findIndex((output, i) => !isDeepStrictEqual(output, ours[i]));
    if (differs >= 0) faults.push(`${cell.name}: ${rival.name} differs from ${oursOf(cell).name} on input ${differs}`);
  }
  return faults;
}

async function outputsOf({ inputs, plain }, candidate) {
  const { exchange, close } = await candidate.open();
  const outputs = [];
  for (const input of inputs) outputs.push(await new Promise((resolve) => exchange(input, (o) => resolve(plain(o)))));
  await close();
  return outputs;
}
