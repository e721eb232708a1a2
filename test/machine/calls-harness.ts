/** Calls that note what happens to them, on a clock that goes from one time of theirs to the next. */
import type { WireIssue } from "../../src/errors.js";
import { Calls, type CallsOptions, type Effect } from "../../src/machine/index.js";

export type Options = Partial<CallsOptions<string, string, number, never>>;
export type Out = Effect<string, never>[];

/** Calls whose attempts have the keys 1, 2, 3 …, all on link -1, with notes of what happens to them. */
export function harness(options: Options = {}) {
  const notes: string[] = [];
  const out: Out = [];
  let lastKey = 0;
  let nowMs = 0;
  const calls = new Calls<string, string>({
    format: "toy",
    send: (call) => {
      notes.push(`send ${call.request} ${call.attempts}`);
      return { key: ++lastKey, link: -1 };
    },
    release: ({ key }) => void notes.push(`release ${key}`),
    settled: ({ request }, outcome) =>
      void notes.push(`${request}: ${outcome.ok ? outcome.value : outcome.error.code}`),
    ...options,
  });
  const take = (): string[] => notes.splice(0);
  return {
    calls,
    out,
    take,
    call: (id: number, deadlineMs = Infinity) => calls.start(id, `call${id}`, deadlineMs, nowMs, out),
    answer: (key: number, value = "value") => calls.settle(key, { ok: true, value }, nowMs, out),
    fail: (key: number, afterMs?: number) => calls.fail(key, issue("unreachable"), nowMs, out, afterMs),
    /** Wakes at the next time. */
    wake: () => {
      nowMs = calls.nextMs;
      calls.wake(nowMs, out);
      return nowMs;
    },
    runTo: (untilMs: number) => {
      while (calls.nextMs <= untilMs) calls.wake((nowMs = calls.nextMs), out);
      nowMs = untilMs;
    },
  };
}

export const issue = (code: WireIssue["code"]): WireIssue => ({ code, format: "toy", path: "" });
