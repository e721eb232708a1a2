/**
 * Cells whose work waits for something, as sockets do: a run does not return what it made, but calls back.
 *
 * @typedef {object} Opened
 * @property {(input: any, done: (output: any) => void) => void} exchange one piece of work
 * @property {() => Promise<void>} close
 *
 * @typedef {object} LiveCandidate
 * @property {string} name
 * @property {boolean} [ours] exactly one of a cell
 * @property {() => Promise<Opened>} open
 *
 * @typedef {object} LiveCell
 * @property {string} name
 * @property {number} inFlight how many pieces of work are under way at a time
 * @property {number} [each] of how many smaller ones a piece is made, which are then told by the second
 * @property {unknown[]} inputs INPUTS of them
 * @property {(output: any) => unknown} plain an output as plain data; equal for all candidates
 * @property {LiveCandidate[]} candidates
 */
import { isDeepStrictEqual } from "node:util";
import { INPUTS, oursOf, rivalsOf } from "./cell.mjs";
import { CONTROL, median, shuffled } from "./measure.mjs";

/** How long a measurement takes; longer batches than elsewhere, as sockets are noisy. */
const EFFORT = { warmMs: 400, batchMs: 15, rounds: 41 };
/** Pieces of work in a batch, in those under way at a time: with fewer, hardly ever as many would be. */
const BATCH_WINDOWS_MIN = 4;

/** @param {object} cell of either kind */
export function isLive(cell) {
  return cell.inFlight !== undefined;
}

/**
 * @param {LiveCell} cell
 * @returns {Promise<Record<string, number>>} median of the nanoseconds per piece of work, by candidate
 */
export async function measureLive(cell, { warmMs, batchMs, rounds } = EFFORT) {
  const candidates = [...cell.candidates, { ...rivalsOf(cell)[0], name: CONTROL }];
  const entries = [];
  for (const { name, open } of candidates) entries.push({ name, opened: await open(), times: [] });
  for (const entry of entries) entry.runs = await warm(cell, entry.opened, warmMs, batchMs);
  for (let round = 0; round < rounds; round++) {
    for (const { opened, runs, times } of shuffled(entries)) times.push((await timeMs(cell, opened, runs)) / runs);
  }
  for (const { opened } of entries) await opened.close();
  return Object.fromEntries(entries.map(({ name, times }) => [name, median(times) * 1e6]));
}

/** @returns how many pieces of work make a batch */
async function warm(cell, opened, warmMs, batchMs) {
  const least = BATCH_WINDOWS_MIN * cell.inFlight;
  let runs = least;
  for (const end = performance.now() + warmMs; performance.now() < end;) {
    const ms = await timeMs(cell, opened, runs);
    runs = Math.max(least, Math.min(4 * runs, Math.round((runs * batchMs) / ms)));
  }
  return runs;
}

function timeMs({ inFlight, inputs }, { exchange }, runs) {
  return new Promise((resolve) => {
    const start = performance.now();
    let begun = 0;
    let done = 0;
    const next = () => {
      if (begun < runs) exchange(inputs[begun++ % INPUTS], onDone);
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
 * @returns {Promise<string[]>} what is wrong, a line each
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
