/** Benchmark cells whose work calls back. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { isLive, measureLive, smokeLive } from "../../bench/lib/live.mjs";
import { cells as hostCells } from "../../bench/host/index.mjs";

type Exchange = (input: number, done: (output: number) => void) => void;

function makeCell(rival: Exchange = (input, done) => void queueMicrotask(() => done(input + 1)), inFlight = 2) {
  const log = { open: 0, closed: 0, under: 0, underMax: 0 };
  const open = (exchange: Exchange) => () => {
    log.open++;
    const counted: Exchange = (input, done) => {
      log.underMax = Math.max(log.underMax, ++log.under);
      exchange(input, (output) => {
        log.under--;
        done(output);
      });
    };
    return Promise.resolve({ exchange: counted, close: () => Promise.resolve(void log.closed++) });
  };
  const candidates = [
    { name: "ours", ours: true, open: open((input, done) => void setImmediate(() => done(input + 1))) },
    { name: "rival", open: open(rival) },
  ];
  const inputs = Array.from({ length: 64 }, (_, i) => i);
  return { cell: { name: "add", inFlight, inputs, plain: (n: number) => n, candidates }, log };
}

afterEach(() => void vi.useRealTimers());

describe("cells whose work calls back", () => {
  it("differ from cells whose work returns", () => {
    expect(isLive(makeCell().cell)).toBe(true);
    expect(isLive({ name: "read", candidates: [] })).toBe(false);
  });

  it("are measured with `inFlight` exchanges in flight, and closed", async () => {
    const { cell, log } = makeCell(undefined, 3);
    const medians = await measureLive(cell, { warmMs: 1, batchMs: 0.1, rounds: 3 });
    expect(Object.keys(medians)).toEqual(["ours", "rival", "control"]);
    for (const ns of Object.values(medians)) expect(ns).toBeGreaterThan(0);
    expect(log).toEqual({ open: 3, closed: 3, under: 0, underMax: 3 });
  });

  it("may ask what they cost the server instead of how long they take", async () => {
    const { cell } = makeCell();
    const candidates = cell.candidates.map(({ name, ours, open }, i) => {
      const openCounted = async () => {
        const session = await open();
        let exchanges = 0;
        const exchange: Exchange = (input, done) => {
          exchanges++;
          session.exchange(input, done);
        };
        return { exchange, cpuNs: () => Promise.resolve(1_000 * (i + 1) * exchanges), close: session.close };
      };
      return { name, ...(ours && { ours }), open: openCounted };
    });
    const effort = { warmMs: 1, batchMs: 0.1, rounds: 3 };
    const costs = await measureLive({ ...cell, takes: "cpu", candidates }, effort);
    expect(costs).toEqual({ ours: 1_000, rival: 2_000, control: 2_000 });
  });

  it.each([
    { takesMs: 10, batch: 8, name: "four times as many as are in flight" },
    { takesMs: 150, batch: 4, name: "half of that where it would be long, for all candidates" },
  ])("have batches of $name, and end by time", async ({ takesMs, batch }) => {
    vi.useFakeTimers({ toFake: ["performance"] });
    let exchanges = 0;
    const { cell } = makeCell((input, done) => {
      exchanges++;
      vi.advanceTimersByTime(takesMs);
      queueMicrotask(() => done(input + 1));
    });
    let ours = 0;
    const [first, ...others] = cell.candidates;
    const openCounted = async () => {
      const { exchange, close } = await first!.open();
      const counted: Exchange = (input, done) => {
        ours++;
        vi.advanceTimersByTime(1);
        exchange(input, done);
      };
      return { exchange: counted, close };
    };
    const candidates = [{ ...first!, open: openCounted }, ...others];
    await measureLive({ ...cell, candidates }, { warmMs: 1, batchMs: 0.1, rounds: 50, cellMs: 100 });
    // Two to warm up, and then the fewest rounds there are; the rival is its own control.
    expect({ ours, rival: exchanges / 2 }).toEqual({ ours: 2 + 3 * batch, rival: 2 + 3 * batch });
  });

  it("name a rival whose result differs", async () => {
    expect(await smokeLive(makeCell().cell)).toEqual([]);
    const wrong = makeCell((input, done) => done(input === 5 ? 0 : input + 1));
    expect(await smokeLive(wrong.cell)).toEqual(["add: rival differs from ours on input 5"]);
    expect(wrong.log.closed).toBe(2);
  });
});

describe("the group host", () => {
  it.each(hostCells)("$name: both candidates return equal bytes", async (cell) => {
    expect(await smokeLive(cell)).toEqual([]);
  });
});
