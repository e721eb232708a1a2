/** Calls in progress: settlement, repetition, bounds, bad times, and any order of events. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { argumentError, type Result } from "../../src/errors.js";
import { Calls, type Attempt, type Call, type Effect } from "../../src/machine/index.js";
import { issueOf } from "../support/issue-of.js";
import { harness, issue, type Options, type Out } from "./calls-harness.js";

describe("a call", () => {
  it("settles once, with the first answer", () => {
    const { calls, call, answer, take } = harness();
    call(7);
    expect([answer(1), answer(1, "again"), answer(9), calls.cancel(7, 0, [])]).toEqual([true, false, false, false]);
    expect(take()).toEqual(["send call7 1", "release 1", "call7: value"]);
    expect([calls.size, calls.inFlight, calls.nextMs, calls.get(1)]).toEqual([0, 0, Infinity, undefined]);
  });

  it("that could not be sent has failed, and is sent again as the rules say", () => {
    let key = 0;
    const notes: string[] = [];
    const { call, take, wake, answer } = harness({
      attemptsMax: 2,
      backoff: { firstMs: 30 },
      send: ({ request }) => {
        notes.push(request);
        return { key: ++key, ...(key !== 2 && { failure: issue("unreachable") }) };
      },
    });
    call(1);
    expect(take()).toEqual(["release 1"]);
    expect([wake(), answer(2), notes]).toEqual([30, true, ["call1", "call1"]]);
    expect(take()).toEqual(["release 2", "call1: value"]);
    call(2, 40);
    expect(take()).toEqual(["release 3", "call2: unreachable"]);
  });

  it("has the time for an attempt that its request asks for", () => {
    const { call, take, runTo } = harness({ attemptTimeoutMs: (_n, { request }) => (request === "call1" ? 5 : 50) });
    call(1);
    call(2);
    runTo(10);
    expect(take()).toEqual(["send call1 1", "send call2 1", "release 1", "call1: timeout"]);
  });

  it("goes on at once after a timeout whose wait was pause enough, and pauses after any other failure", () => {
    const rules = { attemptsMax: 3, attemptTimeoutMs: 10, backoff: { firstMs: 30 }, repeatsTimeoutAtOnce: true };
    const { call, fail, runTo, take } = harness(rules);
    call(1);
    runTo(10);
    expect(take()).toEqual(["send call1 1", "release 1", "send call1 2"]);
    fail(2);
    runTo(69);
    expect(take()).toEqual(["release 2"]);
    runTo(70);
    expect(take()).toEqual(["send call1 3"]);
  });

  it("settles by an effect of the machine, if nothing else is asked for", () => {
    const calls = new Calls<string, string>({ format: "toy", send: ({ id }) => ({ key: id }) });
    const out: Out = [];
    calls.step({ type: "call", id: 1, request: "a", deadlineMs: Infinity }, 0, out);
    calls.step({ type: "call", id: 2, request: "b", deadlineMs: 10 }, 0, out);
    calls.step({ type: "call", id: 3, request: "c", deadlineMs: 20 }, 0, out);
    calls.settle(1, { ok: true, value: "one" }, 0, out);
    calls.step({ type: "wake" }, 10, out);
    calls.step({ type: "cancel", id: 3 }, 10, out);
    expect(out).toEqual([
      { type: "settle", id: 1, value: "one" },
      { type: "settle", id: 2, error: issue("timeout") },
      { type: "settle", id: 3, error: issue("cancelled") },
    ]);
  });

  it("fails with its link, by the error of the link or as closed, and those of other links go on", () => {
    const { calls, call, take } = harness({
      send: ({ id }) => ({ key: id, link: id === 3 ? -2 : -1 }),
    });
    for (const id of [1, 2, 3]) call(id);
    calls.step({ type: "closed", link: -2, error: issue("unreachable") }, 0, []);
    calls.step({ type: "closed", link: -1 }, 0, []);
    expect(take()).toEqual([
      "release 3",
      "call3: unreachable",
      "release 1",
      "call1: closed",
      "release 2",
      "call2: closed",
    ]);
  });

  it("may settle with something else where it is given up", () => {
    const { calls, call, take } = harness({
      giveUp: ({ id }, { code }) =>
        id === 1 ? { ok: true, value: `half, ${code}` } : { ok: false, error: issue("status") },
    });
    call(1, 5);
    call(2);
    calls.wake(5, []);
    calls.giveUpAll(issue("cancelled"), 5, []);
    expect(take()).toEqual([
      "send call1 1",
      "send call2 1",
      "release 1",
      "call1: half, timeout",
      "release 2",
      "call2: status",
    ]);
  });

  it("settles with the WireError that sending throws, and thousands that wait do so on a flat stack", () => {
    const { calls, call, answer, take } = harness({
      inFlightMax: 1,
      waitingMax: 20_000,
      send: ({ id }) => {
        if (id > 0) throw argumentError("toy", "request", "one that can be sent");
        return { key: id };
      },
    });
    call(0);
    for (let id = 1; id <= 20_000; id++) call(id);
    answer(0);
    expect(take().filter((note) => note.endsWith(": argument"))).toHaveLength(20_000);
    expect([calls.size, calls.inFlight]).toEqual([0, 0]);
  });

  it("faults for an id or a key that is in use: two calls would share an answer", () => {
    const { call } = harness({ send: () => ({ key: 1 }) });
    call(1);
    expect(issueOf(() => call(1))).toMatchObject({ code: "fault", path: "id" });
    expect(issueOf(() => call(2))).toMatchObject({ code: "fault", path: "key" });
  });

  it("may be given up from within its own hooks", () => {
    const { calls, call, take } = harness({
      attemptsMax: 9,
      attemptTimeoutMs: 10,
      send: ({ id }) => {
        if (id === 1) calls.cancel(1, 0, []);
        return { key: id };
      },
      release: ({ key }) => void (key === 2 && calls.cancel(2, 0, [])),
    });
    call(1);
    call(2);
    calls.wake(10, []);
    expect(take()).toEqual(["call1: cancelled", "call2: cancelled"]);
    expect([calls.size, calls.inFlight, calls.nextMs]).toEqual([0, 0, Infinity]);
  });
});

describe("calls at a time", () => {
  it("are in flight up to `inFlightMax`, wait in order up to `waitingMax`, and beyond settle with `limit`", () => {
    const { calls, call, answer, take } = harness({ inFlightMax: 2, waitingMax: 2 });
    for (const id of [1, 2, 3, 4, 5]) call(id);
    expect(take()).toEqual(["send call1 1", "send call2 1", "call5: limit"]);
    expect([calls.size, calls.inFlight]).toEqual([4, 2]);
    calls.cancel(3, 0, []);
    answer(1);
    expect(take()).toEqual(["call3: cancelled", "release 1", "call1: value", "send call4 1"]);
  });

  it("end all together, and none that waits is sent meanwhile", () => {
    const { calls, call, take } = harness({ inFlightMax: 1 });
    for (const id of [1, 2]) call(id);
    calls.settleAll({ ok: true, value: "ready" }, 0, []);
    expect(take()).toEqual(["send call1 1", "release 1", "call1: ready", "call2: ready"]);
  });

  it("may begin where others end", () => {
    const { calls, call, take } = harness({
      inFlightMax: 1,
      settled: ({ id }, _outcome, nowMs, out) =>
        void (id < 4 && calls.start(id + 3, `call${id + 3}`, Infinity, nowMs, out)),
    });
    for (const id of [1, 2, 3]) call(id);
    calls.settleAll({ ok: true, value: "ready" }, 0, []);
    expect([take().at(-1), calls.size, calls.inFlight]).toEqual(["send call4 1", 3, 1]);
  });

  it("that time out while they wait are never sent", () => {
    const { call, wake, take, answer } = harness({ inFlightMax: 1 });
    call(1);
    call(2, 10);
    expect(wake()).toBe(10);
    answer(1);
    expect(take()).toEqual(["send call1 1", "call2: timeout", "release 1", "call1: value"]);
  });
});

describe("an attempt", () => {
  it("that times out is repeated at once without a backoff, as a datagram is; a failed one is not", () => {
    const { call, fail, wake, take, calls } = harness({ attemptsMax: 3, attemptTimeoutMs: (n) => 100 * n });
    call(1);
    expect([wake(), wake(), wake()]).toEqual([100, 300, 600]);
    expect(take()).toEqual([
      "send call1 1",
      "release 1",
      "send call1 2",
      "release 2",
      "send call1 3",
      "release 3",
      "call1: timeout",
    ]);
    call(2);
    fail(4);
    expect([take().at(-1), calls.size]).toEqual(["call2: unreachable", 0]);
  });

  it("begins before its pause ends when calls are resumed, and leaves those alone that do not pause", () => {
    const { call, fail, take, calls, out, wake } = harness({ attemptsMax: 9, backoff: { firstMs: 1_000 } });
    call(1);
    call(2);
    fail(1);
    take();
    calls.resume(10, out);
    expect([take(), calls.inFlight, calls.nextMs]).toEqual([["send call1 2"], 2, Infinity]);
    fail(3);
    expect([wake(), take()]).toEqual([2_000, ["release 3", "send call1 3"]]);
  });

  it("may keep the key of the one before, whose late answer then counts", () => {
    const { call, answer, wake, take } = harness({
      attemptsMax: Infinity,
      attemptTimeoutMs: 10,
      send: ({ id }) => ({ key: id }),
    });
    call(5);
    wake();
    expect(answer(5)).toBe(true);
    expect(take()).toEqual(["release 5", "release 5", "call5: value"]);
  });

  it("is repeated after growing pauses; an answer to one that has ended is ignored", () => {
    const { call, fail, answer, wake } = harness({
      attemptsMax: Infinity,
      backoff: { firstMs: 10, factor: 3, maxMs: 50 },
    });
    call(1);
    const pauses = [1, 2, 3, 4].map((key) => {
      fail(key);
      expect(answer(key)).toBe(false);
      return wake();
    });
    expect(pauses).toEqual([10, 40, 90, 140]);
  });

  it("is repeated after a random part of the pause, and after 1 ms at least", () => {
    for (const [byte, pauseMs] of [
      [0x80, 500],
      [0x00, 1],
    ] as const) {
      const random = () => Uint8Array.of(byte, 0, 0, 0);
      const { call, fail, wake } = harness({ attemptsMax: 2, backoff: { firstMs: 1_000, random } });
      call(1);
      fail(1);
      expect(wake()).toBe(pauseMs);
    }
  });

  it("is repeated when the peer asks for it, which is never at once", () => {
    const { call, fail, wake, take } = harness({ attemptsMax: 9, backoff: { firstMs: 10 } });
    call(1, 5_000);
    fail(1, 700);
    expect(wake()).toBe(700);
    fail(2, 0);
    expect(wake()).toBe(701);
    fail(3, Infinity);
    expect(take().at(-1)).toBe("call1: unreachable");
  });

  it("is not repeated when it could not begin before the deadline: the call settles with its issue at once", () => {
    const { call, fail, take } = harness({ attemptsMax: 9, backoff: { firstMs: 10 } });
    call(1, 10);
    fail(1);
    expect(take()).toEqual(["send call1 1", "release 1", "call1: unreachable"]);
  });

  it("is not repeated when its issue forbids that", () => {
    const { call, calls, take } = harness({
      attemptsMax: 9,
      backoff: { firstMs: 10 },
      mayRepeat: ({ code }, { attempts }) => code !== "status" && attempts < 2,
    });
    call(1);
    calls.fail(1, issue("closed"), 0, []);
    calls.wake(10, []);
    calls.fail(2, issue("closed"), 10, []);
    call(2);
    calls.fail(3, issue("status"), 10, []);
    expect(take().filter((note) => note.includes(":"))).toEqual(["call1: closed", "call2: status"]);
  });

  it("is not repeated when the budget is used up, to which each call adds", () => {
    const { call, fail, wake, take } = harness({
      attemptsMax: Infinity,
      backoff: { firstMs: 1, factor: 1 },
      repeatBudget: { max: 2, perCall: 0.5 },
    });
    call(1);
    for (const key of [1, 2]) void (fail(key), wake());
    fail(3);
    expect(take().at(-1)).toBe("call1: unreachable");
    call(2);
    fail(4);
    call(3);
    fail(5);
    wake();
    expect(take().at(-1)).toBe("send call3 2");
  });

  it("does not hold a place while it pauses", () => {
    const { call, fail, wake, take, answer } = harness({ inFlightMax: 1, attemptsMax: 2, backoff: { firstMs: 10 } });
    call(1);
    call(2);
    fail(1);
    expect(take()).toEqual(["send call1 1", "release 1", "send call2 1"]);
    wake();
    answer(2);
    expect(take()).toEqual(["release 2", "call2: value", "send call1 2"]);
  });
});

describe("bad times and counts", () => {
  const send = ({ id }: Call<string>): Attempt<number> => ({ key: id });
  const backoff = { firstMs: 10 };

  it.each([
    ["inFlightMax", { inFlightMax: 0 }],
    ["inFlightMax", { inFlightMax: 1.5 }],
    ["waitingMax", { waitingMax: -1 }],
    ["waitingMax", { waitingMax: NaN }],
    ["attemptsMax", { attemptsMax: NaN }],
    ["attemptsMax", { attemptsMax: 0 }],
    ["attemptTimeoutMs", { attemptTimeoutMs: NaN }],
    ["attemptTimeoutMs", { attemptTimeoutMs: 0.5 }],
    ["attemptTimeoutMs", { attemptTimeoutMs: "10" as unknown as number }],
    ["backoff.firstMs", { backoff: { firstMs: 0 } }],
    ["backoff.firstMs", { backoff: { firstMs: Infinity } }],
    ["backoff.factor", { backoff: { ...backoff, factor: 0.9 } }],
    ["backoff.maxMs", { backoff: { ...backoff, maxMs: NaN } }],
    ["repeatBudget.max", { repeatBudget: { max: -1, perCall: 0 } }],
    ["repeatBudget.perCall", { repeatBudget: { max: 1, perCall: NaN } }],
  ] as [string, Options][])("are refused as `%s`: %j", (path, rules) => {
    expect(issueOf(() => new Calls({ format: "toy", send, ...rules }))).toMatchObject({ code: "argument", path });
  });

  it.each([NaN, -Infinity, "soon" as unknown as number, undefined as unknown as number])(
    "settle the call whose deadline they are: %s",
    (deadlineMs) => {
      const { calls, take } = harness();
      calls.start(1, "call1", deadlineMs, 0, []);
      expect([take(), calls.nextMs]).toEqual([["call1: argument"], Infinity]);
    },
  );

  it("that have passed settle the call before it is sent, also below 0: clocks begin anywhere", () => {
    const { calls, take } = harness();
    calls.start(1, "call1", -5, -5, []);
    calls.start(2, "call2", -4, -5, []);
    expect([take(), calls.nextMs]).toEqual([["call1: timeout", "send call2 1"], -4]);
  });

  it("of the timeout of one attempt, or of a pause, are thrown where they come in", () => {
    const { call } = harness({ attemptTimeoutMs: () => NaN });
    expect(issueOf(() => call(1))).toMatchObject({ code: "argument", path: "attemptTimeoutMs" });
    const paused = harness({ attemptsMax: 2 });
    paused.call(1);
    for (const pauseMs of [NaN, -1]) {
      expect(issueOf(() => paused.fail(1, pauseMs))).toMatchObject({ code: "argument", path: "repeatAfterMs" });
    }
  });
});

/** One thing that may happen to calls. */
type Happening = {
  readonly what: "call" | "answer" | "fail" | "close" | "cancel" | "wait" | "all";
  readonly n: number;
};

const happening: fc.Arbitrary<Happening> = fc.record({
  what: fc.constantFrom("call", "call", "answer", "answer", "fail", "close", "cancel", "wait", "wait", "all"),
  n: fc.nat(60),
});

const rules = fc.record({
  inFlightMax: fc.integer({ min: 1, max: 4 }),
  waitingMax: fc.integer({ min: 0, max: 4 }),
  attemptsMax: fc.constantFrom(1, 2, 5, Infinity),
  attemptTimeoutMs: fc.constantFrom(1, 7, Infinity),
  isBackingOff: fc.boolean(),
  keepsKey: fc.boolean(),
  budget: fc.constantFrom(0, 3, Infinity),
});

/** A call that times out makes room at the very time at which the deadline of the one that waits has come. */
const MADE_ROOM_AT_ITS_DEADLINE: [typeof rules extends fc.Arbitrary<infer Drawn> ? Drawn : never, Happening[]] = [
  {
    inFlightMax: 1,
    waitingMax: 1,
    attemptsMax: 1,
    attemptTimeoutMs: 1,
    isBackingOff: false,
    keepsKey: false,
    budget: 0,
  },
  [
    { what: "call", n: 0 },
    { what: "call", n: 1 },
    { what: "wait", n: 1 },
  ],
];

describe("any order of answers, duplicates, timeouts, failures, cancels and closes", () => {
  it("settles each call once, frees each attempt once, keeps the bounds, and leaves nothing behind", () => {
    fc.assert(
      fc.property(rules, fc.array(happening, { maxLength: 120 }), (drawn, happenings) => {
        const { isBackingOff, keepsKey, budget, ...bounds } = drawn;
        const outcomes = new Map<number, Result<number>[]>();
        const live = new Map<number, number>(); // call by key
        let [nowMs, lastId, lastKey] = [0, 0, 0];
        const out: Effect<number, never>[] = [];
        const calls = new Calls<number, number>({
          ...bounds,
          ...(isBackingOff && { backoff: { firstMs: 3 } }),
          ...(budget !== Infinity && { repeatBudget: { max: budget, perCall: 0.2 } }),
          format: "toy",
          send({ id, deadlineMs }) {
            expect(deadlineMs, "a call that is sent has time left").toBeGreaterThan(nowMs);
            const key = keepsKey ? 1_000 + id : ++lastKey;
            expect(live.has(key), "the attempt before has ended").toBe(false);
            live.set(key, id);
            return { key, link: -1 - (key % 3) };
          },
          release({ key }) {
            expect(live.delete(key), "freed once").toBe(true);
          },
          settled({ id }, outcome) {
            outcomes.get(id)!.push(outcome);
          },
        });
        const start = (n: number) => {
          outcomes.set(++lastId, []);
          calls.start(lastId, n, n === 0 ? Infinity : nowMs + n, nowMs, out);
        };
        const pick = (n: number) => [...live.keys()][n % Math.max(1, live.size)] ?? n;
        const happen: Record<Happening["what"], (n: number) => void> = {
          call: start,
          answer: (n) => {
            const key = pick(n);
            const id = live.get(key);
            expect(calls.settle(key, { ok: true, value: id ?? -1 }, nowMs, out)).toBe(id !== undefined);
            // A duplicate finds nobody, except where a new attempt has the key.
            if (!live.has(key)) expect(calls.settle(key, { ok: true, value: -1 }, nowMs, out)).toBe(false);
          },
          fail: (n) => void calls.fail(pick(n), issue("status"), nowMs, out, n % 2 === 0 ? undefined : n),
          close: (n) => calls.step({ type: "closed", link: -1 - (n % 3) }, nowMs, out),
          cancel: (n) => void calls.cancel(1 + (n % Math.max(1, lastId)), nowMs, out),
          wait(n) {
            const untilMs = nowMs + n;
            while (calls.nextMs <= untilMs) {
              expect(calls.nextMs, "time goes on").toBeGreaterThan(nowMs);
              nowMs = calls.nextMs;
              calls.wake(nowMs, out);
            }
            nowMs = untilMs;
          },
          all: (n) => void (n < 5 && calls.giveUpAll(issue("cancelled"), nowMs, out)),
        };
        for (const { what, n } of happenings) {
          happen[what](n);
          const open = [...outcomes.values()].filter(({ length }) => length === 0).length;
          expect(calls.size).toBe(open);
          expect(calls.size).toBeLessThanOrEqual(bounds.inFlightMax + bounds.waitingMax);
          expect(calls.inFlight).toBe(live.size);
          expect(calls.inFlight).toBeLessThanOrEqual(bounds.inFlightMax);
          expect(calls.nextMs, "no time that has passed").toBeGreaterThan(nowMs);
          for (const key of live.keys()) expect(calls.get(key)?.id).toBe(live.get(key));
        }
        calls.giveUpAll(issue("cancelled"), nowMs, out);
        expect([calls.size, calls.inFlight, calls.nextMs, live.size]).toEqual([0, 0, Infinity, 0]);
        for (const [id, of] of outcomes) {
          expect(of).toHaveLength(1);
          const [outcome] = of;
          if (outcome?.ok) expect(outcome.value, "the answer to this call").toBe(id);
        }
      }),
      { numRuns: 500, examples: [MADE_ROOM_AT_ITS_DEADLINE] },
    );
  });
});
