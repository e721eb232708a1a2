/** Soak tests: a server under hostile load keeps its memory and answers. */
import { once } from "node:events";
import { expect } from "vitest";
import { Program } from "./program.js";

/** Length of a soak: 60 s by `npm run soak`, and 4 s in `npm test`. */
const SECONDS = Number(process.env["SPECWIRE_SOAK_SECONDS"] ?? 4);
/** Sixths of the time in which memory is read: in the first one the crowd fills its share. */
const [EARLY, LATE] = [1, 5];
/** Readings in each of them. */
const READINGS = 5;
const GROWTH_BYTES_MAX = 32 * 1024 * 1024;
const HONEST_EVERY_MS = 50;

export const SOAK_TIMEOUT_MS = (SECONDS + 60) * 1_000;

/** Runs in the server's process: reports its memory after a garbage collection. */
const PROBE = `data:text/javascript,${encodeURIComponent(`
  process.on("message", () => {
    globalThis.gc();
    const { heapUsed, external, arrayBuffers } = process.memoryUsage();
    process.send(heapUsed + external + arrayBuffers);
  });
  process.channel.unref();
`)}`;

/** The program as a server whose memory {@link soak} can read. */
export function startSoaked(program: string, args: readonly string[]): Program {
  return new Program(program, args, ["--expose-gc", "--import", PROBE]);
}

/**
 * Sends honest requests while hostile clients attack. The memory of the server must not grow by more than
 * `GROWTH_BYTES_MAX` after the first sixth of the time. It is the least of several readings, as what a crowd holds at
 * a moment goes up and down by tens of megabytes, and a leak does not.
 * @param ask resolves when the server has answered; its argument counts the requests before
 * @param crowd describes the hostile clients in the output
 */
export async function soak(server: Program, ask: (asked: number) => Promise<void>, crowd: () => string): Promise<void> {
  const startedMs = performance.now();
  const sixthMs = (1_000 * SECONDS) / 6;
  const least = new Map([EARLY, LATE].map((sixth) => [sixth, Infinity]));
  let asked = 0;
  let readAtMs = 0;
  for (let passedMs = 0; passedMs < 6 * sixthMs; passedMs = performance.now() - startedMs, asked++) {
    await ask(asked);
    const before = least.get(Math.floor(passedMs / sixthMs));
    if (before !== undefined && passedMs >= readAtMs) {
      readAtMs = passedMs + sixthMs / READINGS;
      least.set(Math.floor(passedMs / sixthMs), Math.min(before, await memoryOf(server)));
    }
    await new Promise((resolve) => setTimeout(resolve, HONEST_EVERY_MS));
  }
  const [early, late] = [least.get(EARLY)!, least.get(LATE)!];
  const figures = `${early} bytes early, ${late} late, ${asked} honest requests answered, ${crowd()}`;
  if (SECONDS > 4) process.stdout.write(`${figures}\n`);
  expect([early, late].every(Number.isFinite)).toBe(true);
  expect(late - early).toBeLessThan(GROWTH_BYTES_MAX);
}

async function memoryOf({ child }: Program): Promise<number> {
  const told = once(child, "message") as Promise<[number]>;
  child.send("memory");
  return (await told)[0];
}
