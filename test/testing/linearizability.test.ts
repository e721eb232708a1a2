/** The checker of linearizability, on histories that are known to be right or wrong. */
import { describe, expect, it, test } from "vitest";
import {
  checkLinearizable,
  Random,
  REGISTERS,
  type Operation,
  type RegisterInput,
  type RegisterOutput,
} from "../../src/testing/index.js";

type RegisterOperation = Operation<RegisterInput, RegisterOutput>;

const at = (calledAt: number, returnedAt: number | undefined, input: RegisterInput, output?: RegisterOutput) =>
  ({ calledAt, returnedAt, input, output }) satisfies RegisterOperation;
const get = (calledAt: number, returnedAt: number | undefined, output: string | undefined, key = "x") =>
  at(calledAt, returnedAt, { kind: "get", key }, output);
const put = (calledAt: number, returnedAt: number | undefined, value: string, key = "x") =>
  at(calledAt, returnedAt, { kind: "put", key, value });
const cas = (calledAt: number, returnedAt: number | undefined, values: readonly [string, string], output?: boolean) =>
  at(calledAt, returnedAt, { kind: "cas", key: "x", expected: values[0], value: values[1] }, output);
const remove = (calledAt: number, returnedAt: number) => at(calledAt, returnedAt, { kind: "delete", key: "x" });

const verdictOn = (...history: RegisterOperation[]) => checkLinearizable(history, REGISTERS).verdict;

describe("a linearizable history", () => {
  test.each<[string, RegisterOperation[]]>([
    ["is an empty one", []],
    ["is one of operations that follow each other", [put(0, 1, "a"), get(2, 3, "a"), put(4, 5, "b"), get(6, 7, "b")]],
    ["may read what is being written", [put(0, 10, "a"), get(1, 2, "a"), get(3, 4, "a")]],
    ["may read what was there while something is being written", [put(0, 10, "a"), get(1, 2, undefined)]],
    ["orders overlapping writes as it has to", [put(0, 10, "a"), put(0, 10, "b"), get(11, 12, "a"), get(13, 14, "a")]],
    ["reads both overlapping writes in turn", [put(0, 20, "a"), put(0, 20, "b"), get(1, 2, "b"), get(3, 4, "a")]],
    ["counts an end at the time of a beginning as overlap", [put(0, 5, "a"), get(5, 6, undefined)]],
    ["sees an unknown write late", [put(0, undefined, "a"), get(1, 2, undefined), get(100, 101, "a")]],
    ["never sees an unknown write", [put(0, undefined, "a"), get(100, 101, undefined)]],
    ["passes over an unknown read", [put(0, 1, "a"), get(2, undefined, "never written")]],
    ["has one winner of two exchanges", [put(0, 1, "a"), cas(2, 9, ["a", "b"], true), cas(2, 9, ["a", "c"], false)]],
    ["has an unknown exchange explain a read", [put(0, 1, "a"), cas(2, undefined, ["a", "b"]), get(3, 4, "b")]],
    [
      "lets an exchange of nothing succeed",
      [at(0, 1, { kind: "cas", key: "x", expected: undefined, value: "a" }, true)],
    ],
    ["reads nothing after a removal", [put(0, 1, "a"), remove(2, 3), get(4, 5, undefined)]],
    ["keeps keys apart", [put(0, 1, "a", "x"), get(2, 3, undefined, "y"), put(4, 5, "b", "y"), get(6, 7, "a", "x")]],
  ])("%s", (_, history) => {
    expect(verdictOn(...history)).toBe("linearizable");
  });
});

describe("a history is a violation that", () => {
  test.each<[string, RegisterOperation[]]>([
    ["reads an old value", [put(0, 1, "a"), put(2, 3, "b"), get(4, 5, "a")]],
    ["reads what was never written", [put(0, 1, "a"), get(2, 3, "z")]],
    ["loses a write", [put(0, 1, "a"), get(2, 3, undefined)]],
    ["goes back", [put(0, 20, "a"), get(1, 2, "a"), get(3, 4, undefined)]],
    ["reads overlapping writes in two orders", [put(0, 9, "a"), put(0, 9, "b"), get(10, 11, "a"), get(12, 13, "b")]],
    ["reads before the call", [get(0, 1, "a"), put(2, 3, "a")]],
    ["has two winners", [put(0, 1, "a"), cas(2, 9, ["a", "b"], true), cas(2, 9, ["a", "c"], true)]],
    ["has no winner", [put(0, 1, "a"), cas(2, 3, ["a", "b"], false)]],
    ["sees an unknown write twice", [put(0, undefined, "a"), get(1, 2, "a"), put(3, 4, "b"), get(5, 6, "a")]],
    ["reads an unknown write before its call", [get(0, 1, "a"), put(2, undefined, "a")]],
    ["reads after a removal", [put(0, 1, "a"), remove(2, 3), get(4, 5, "a")]],
    ["is one in one of its keys", [put(0, 1, "a", "x"), get(2, 3, "a", "x"), get(2, 3, "a", "y")]],
  ])("%s", (_, history) => {
    expect(verdictOn(...history)).toBe("violated");
  });

  test("is reported with what is explained and what is not", () => {
    const history = [put(0, 1, "a"), put(2, 3, "b"), get(4, 5, "a")];
    const report = checkLinearizable(history, REGISTERS);
    expect(report).toMatchObject({ verdict: "violated", partition: "x", explained: history.slice(0, 2) });
    expect(report).toMatchObject({ stuck: [history[2]] });
  });
});

/** A history of one register, made of operations at drawn moments within drawn spans. */
function drawn(run: number, { clients = 5, each = 16, unknownRate = 0.05 } = {}): RegisterOperation[] {
  const random = new Random(run, "history");
  const planned: { calledAt: number; returnedAt: number; moment: number; kind: "put" | "get" | "cas" }[] = [];
  for (let client = 0; client < clients; client++) {
    let free = random.between(0, 50);
    for (let i = 0; i < each; i++) {
      const calledAt = free + random.between(1, 20);
      const returnedAt = calledAt + random.between(1, 200);
      const moment = calledAt + random.unit() * (returnedAt - calledAt);
      planned.push({
        calledAt,
        returnedAt,
        moment,
        kind: (["put", "get", "get", "cas"] as const)[random.between(0, 3)]!,
      });
      free = returnedAt;
    }
  }
  let state: string | undefined;
  let values = 0;
  return planned
    .toSorted((a, b) => a.moment - b.moment)
    .map(({ calledAt, returnedAt, kind }) => {
      if (kind === "get") return get(calledAt, returnedAt, state);
      const returned = random.chance(unknownRate) ? undefined : returnedAt;
      const value = `${++values}`;
      if (kind === "put") {
        state = value;
        return put(calledAt, returned, value);
      }
      const expected = random.chance(0.5) && state !== undefined ? state : "none";
      const isPut = expected === state;
      if (isPut) state = value;
      return cas(calledAt, returned, [expected, value], isPut);
    });
}

/** The history with one read changed to a value that was overwritten before the read was called. */
function withStaleRead(history: readonly RegisterOperation[]): RegisterOperation[] | undefined {
  for (let i = history.length - 1; i >= 0; i--) {
    const read = history[i]!;
    if (read.input.kind !== "get" || read.output === undefined) continue;
    const before = history.filter(({ returnedAt = Infinity }) => returnedAt < read.calledAt);
    const writes = before.filter(
      ({ input, output }) => input.kind === "put" || (input.kind === "cas" && output === true),
    );
    // Two writes one after the other before the read: the first is gone for good.
    const first = writes.find((write) => writes.some((other) => other.calledAt > write.returnedAt!));
    if (first === undefined || !("value" in first.input) || first.input.value === read.output) continue;
    const output = first.input.value;
    return history.map((operation, place) => (place === i ? { ...operation, output } : operation));
  }
  return undefined;
}

describe("2,000 drawn histories", () => {
  it("are linearizable, and none is with one read of an older value", () => {
    const verdicts = { linearizable: 0, violated: 0, undecided: 0 };
    const changed = { linearizable: 0, violated: 0, undecided: 0 };
    for (let run = 0; run < 2_000; run++) {
      const history = drawn(run, { each: 8 });
      verdicts[checkLinearizable(history, REGISTERS).verdict]++;
      const stale = withStaleRead(history);
      if (stale !== undefined) changed[checkLinearizable(stale, REGISTERS).verdict]++;
    }
    expect(verdicts).toEqual({ linearizable: 2_000, violated: 0, undecided: 0 });
    expect(changed.linearizable).toBe(0);
    expect(changed.violated).toBeGreaterThan(1_900);
    expect(changed.undecided).toBeLessThan(20);
  }, 60_000);

  it("of 80 operations of five clients are decided within the steps", () => {
    let undecided = 0;
    for (let run = 0; run < 100; run++) {
      const { verdict } = checkLinearizable(drawn(run), REGISTERS);
      expect(verdict).not.toBe("violated");
      if (verdict === "undecided") undecided++;
    }
    expect(undecided).toBeLessThanOrEqual(2);
  }, 60_000);
});

describe("the search", () => {
  it("is given up after its steps", () => {
    const report = checkLinearizable(drawn(1), REGISTERS, { stepsMax: 10 });
    expect(report).toMatchObject({ verdict: "undecided", partition: "x", steps: 11 });
  });

  it.each([
    ["returned before it was called", { calledAt: 2, returnedAt: 1 }],
    ["has no time", { calledAt: Number.NaN }],
  ])("refuses an operation that %s", (_, times) => {
    const history = [{ ...times, input: { kind: "get", key: "x" } }] as const;
    expect(() => checkLinearizable(history, REGISTERS)).toThrow(expect.objectContaining({ code: "argument" }));
  });
});
