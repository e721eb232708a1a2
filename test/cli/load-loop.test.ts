/** Loops of loads: the latency of an open loop, what it could not send, and the histogram. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { LoadWindow, type LoadBounds } from "../../src/cli/load-loop.js";
import { printSummary, summaryOf } from "../../src/cli/load-command.js";

afterEach(() => void vi.useRealTimers());

const BOUNDS: LoadBounds = {
  durationMs: 1_000,
  count: Infinity,
  timeoutMs: 5_000,
  inFlight: 1,
  signal: new AbortController().signal,
};

/** A load whose peer takes `answerMs(index)` for each request, one after the other, on a clock that is turned by hand. */
async function loadOf(bounds: Partial<LoadBounds>, answerMs: (index: number) => number) {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "setTimeout", "performance"] });
  const window = new LoadWindow(
    { ...BOUNDS, ...bounds },
    {
      ids: 1_000_000,
      send: (id, index) => void setTimeout(() => window.answered(id, "ok"), answerMs(index)),
    },
  );
  const running = window.run();
  await vi.advanceTimersByTimeAsync(20_000);
  return summaryOf(await running);
}

describe("an open loop", () => {
  it("sends at its rate, whatever the answers take", async () => {
    const { requests, answered, latencyUs } = await loadOf({ ratePerSecond: 100, inFlight: 100 }, () => 300);
    expect([requests, answered]).toEqual([100, 100]);
    expect(latencyUs!["p50"]).toBeGreaterThanOrEqual(300_000);
    expect(latencyUs!["max"]).toBeLessThan(305_000);
  });

  it("counts what waited behind a slow answer from when it was due", async () => {
    const slow = (index: number): number => (index === 50 ? 400 : 1);
    const open = await loadOf({ ratePerSecond: 100 }, slow);
    // 40 requests were due meanwhile, and each waited for the rest of it.
    expect(open.requests).toBe(100);
    expect(open.latencyUs!["p90"]).toBeGreaterThan(250_000);
    // A closed loop asks nothing meanwhile, and finds one slow answer.
    const closed = await loadOf({}, slow);
    expect(closed.latencyUs!["p99"]).toBeLessThan(5_000);
  });

  it("counts requests that were due and had no room until the end", async () => {
    const { requests, answered, failures } = await loadOf({ ratePerSecond: 100 }, () => 100);
    expect(requests).toBe(100);
    expect(answered).toBeLessThanOrEqual(11);
    expect(failures["unsent"]).toBe(100 - answered);
  });

  it("ends at its count, and at once when it is interrupted", async () => {
    expect((await loadOf({ ratePerSecond: 1_000, count: 7 }, () => 1)).requests).toBe(7);
    expect((await loadOf({ ratePerSecond: 1_000, signal: AbortSignal.abort() }, () => 1)).requests).toBe(0);
  });
});

it("a histogram has a row for each doubling, whose shares add up", async () => {
  const summary = await loadOf({ count: 40 }, (index) => (index < 30 ? 1 : 16));
  expect(summary.histogramUs.reduce((sum, { count }) => sum + count, 0)).toBe(40);
  const lines: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
  printSummary("a load", "requests", summary, { histogram: true });
  vi.restoreAllMocks();
  const rows = lines.filter((line) => line.includes("≤"));
  expect(rows[0]).toMatch(/≤ 1024 µs █{40} +75\.00 % +75\.00 %$/);
  expect(rows.at(-1)).toMatch(/≤ 16384 µs █+ +25\.00 % 100\.00 %$/);
});
