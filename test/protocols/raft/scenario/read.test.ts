/** Files of scenarios: what is accepted, and where what is not is wrong. */
import { describe, expect, test } from "vitest";
import { isWireError } from "../../../../src/errors.js";
import { readScenario } from "../../../../src/protocols/raft/scenario/read.js";

const THREE = [1, 2, 3].map((id) => ({ id, role: "voter" }));

/** The path of what is wrong with a file; undefined if nothing is. */
function flawOf(json: unknown): string | undefined {
  try {
    readScenario(json);
    return undefined;
  } catch (error) {
    if (!isWireError(error) || error.code !== "argument") throw error;
    return error.path;
  }
}

describe("a file of the right shape", () => {
  test("gets the defaults of its head", () => {
    const scenario = readScenario({ members: THREE, steps: [] });
    const start = { index: 0, term: 0, terms: [], hardTerm: 0, vote: 0 };
    expect(scenario).toEqual({
      name: "",
      options: {},
      members: THREE,
      cores: [1, 2, 3].map((id) => ({ id, start })),
      steps: [],
    });
  });

  test("has starts of members, whose fields win", () => {
    const members = [{ id: 2, role: "voter", start: { terms: [3], vote: 1 } }, THREE[0]];
    const { cores } = readScenario({ members, start: { index: 10, term: 1, terms: [2] }, steps: [] });
    expect(cores).toEqual([
      { id: 1, start: { index: 10, term: 1, terms: [2], hardTerm: 2, vote: 0 } },
      { id: 2, start: { index: 10, term: 1, terms: [3], hardTerm: 3, vote: 1 } },
    ]);
  });

  test("may begin below the term of its log", () => {
    const { cores } = readScenario({
      members: THREE,
      start: { index: 10, term: 3, terms: [4], hardTerm: 2 },
      steps: [],
    });
    expect(cores.map(({ start }) => start.hardTerm)).toEqual([2, 2, 2]);
  });

  test.each([
    [{ do: "campaign", id: 1, refused: false }],
    [{ do: "deliver", to: [9], kinds: ["vote"], n: 2, order: "reverse", drop: true, duplicate: false }],
    [{ do: "cut", pairs: [[1, 9]] }],
    [{ do: "transfer", id: 1, to: 9 }],
    [{ do: "inject", message: { from: 9, to: 1, kind: "append", term: 1, prev: [0, 0], commit: 0 } }],
    [{ expect: { 9: { role: "Leader", config: null, progress: { 2: { state: "probe" } } } } }],
    [
      { do: "crash", id: 1 },
      { do: "restart", id: 1, options: { preVote: true } },
      { do: "campaign", id: 1 },
    ],
    [
      { do: "add", ids: [4, 5], start: { index: 3, term: 1 } },
      { do: "stabilize", ids: [4] },
    ],
    [
      { do: "crash", id: 1 },
      { do: "add", ids: [1] },
    ],
  ])("may have the steps %j", (...steps) => expect(flawOf({ members: THREE, steps })).toBeUndefined());
});

const appendOf = (prev: number, ...entries: [number, number][]) => ({
  from: 2,
  to: 1,
  kind: "append",
  term: 1,
  prev: [prev, 1],
  commit: 0,
  entries,
});

describe("a file of the wrong shape is refused at", () => {
  const steps = (...all: unknown[]) => ({ members: THREE, steps: all });
  test.each([
    ["", []],
    ["", "a"],
    ["steps", { members: [] }],
    ["color", { members: [], steps: [], color: 1 }],
    ["members[1].id", { members: [THREE[0], THREE[0]], steps: [] }],
    ["members[0].role", { members: [{ id: 1, role: "king" }], steps: [] }],
    ["cores[1]", { members: THREE, cores: [1, 1], steps: [] }],
    ["start.term", { members: THREE, start: { term: 1 }, steps: [] }],
    ["start.terms[1]", { members: THREE, start: { terms: [2, 1] }, steps: [] }],
    ["start.index", { members: THREE, start: { index: 2 ** 53 - 1, term: 1 }, steps: [] }],
    ["members[0].start.hardTerm", { members: [{ ...THREE[0], start: { hardTerm: -1 } }], steps: [] }],
    ["steps[0].do", steps({ do: "dance", id: 1 })],
    ["steps[0].do", steps({ do: ["heal"] })],
    ["steps[0].do", steps({ do: "constructor" })],
    ["steps[0]", steps(null)],
    ["steps[0].ms", steps({ do: "campaign", id: 1, ms: 1 })],
    ["steps[0].ms", steps({ do: "tick", id: 1 })],
    ["steps[0].ms", steps({ do: "tick", id: 1, ms: 1e12 })],
    ["steps[1].id", steps({ do: "heal" }, { do: "campaign", id: 4 })],
    ["steps[0].id", steps({ do: "campaign", id: 0 })],
    ["steps[0].id", steps({ do: "restart", id: 1 })],
    ["steps[1].id", steps({ do: "crash", id: 1 }, { do: "tick", id: 1, ms: 1 })],
    ["steps[1].id", steps({ do: "crash", id: 1 }, { do: "crash", id: 1 })],
    ["steps[0].ids[1]", steps({ do: "add", ids: [4, 3] })],
    ["steps[0].ids[1]", steps({ do: "add", ids: [4, 4] })],
    ["steps[0].ids[0]", steps({ do: "stabilize", ids: [4] })],
    [
      "steps[1].message.to",
      steps({ do: "crash", id: 1 }, { do: "inject", message: { from: 2, to: 1, kind: "timeoutNow", term: 1 } }),
    ],
    ["steps[0].message.kind", steps({ do: "inject", message: { from: 2, to: 1, kind: "hello", term: 1 } })],
    ["steps[0].message.last", steps({ do: "inject", message: { from: 2, to: 1, kind: "vote", term: 1 } })],
    ["steps[0].message.last", steps({ do: "inject", message: { from: 2, to: 1, kind: "vote", term: 1, last: [1] } })],
    [
      "steps[0].message.prev",
      steps({ do: "inject", message: { from: 2, to: 1, kind: "timeoutNow", term: 1, prev: [0, 0] } }),
    ],
    ["steps[0].message.entries[1][0]", steps({ do: "inject", message: appendOf(4, [5, 1], [7, 1]) })],
    ["steps[0].kinds[0]", steps({ do: "deliver", kinds: ["hello"] })],
    ["steps[0].order", steps({ do: "deliver", order: "random" })],
    ["steps[0].n", steps({ do: "deliver", n: 0 })],
    ["steps[0].pairs[0]", steps({ do: "cut", pairs: [[1, 2, 3]] })],
    ["steps[0].op", steps({ do: "change", id: 1, op: "addVoter", member: 4 })],
    ["steps[0].expect.one", steps({ expect: { one: {} } })],
    ["steps[0].expect.1.commits", steps({ expect: { 1: { commits: 1 } } })],
    ["steps[0].expect.1.progress.2.paused2", steps({ expect: { 1: { progress: { 2: { paused2: true } } } } })],
    ["steps[0].expect.1.config.voter", steps({ expect: { 1: { config: { voter: [1] } } } })],
    ["steps[0].messages[0].refuzed", steps({ messages: [{ refuzed: false }] })],
    ["steps[0].of", steps({ of: { to: [1] } })],
    ["steps[0].refused", steps({ refused: 1 })],
    ["steps[0].fault", steps({ fault: true })],
  ])("%s: %j", (path, json) => expect(flawOf(json)).toBe(path));
});

test("a file that is nested without end is refused, wherever it is", () => {
  const deep: unknown = JSON.parse("[".repeat(100_000) + "]".repeat(100_000));
  for (const json of [
    deep,
    { members: THREE, steps: deep },
    { members: THREE, options: { electionMs: deep }, steps: [] },
    { members: THREE, steps: [{ expect: { 1: { terms: deep } } }] },
    { members: THREE, steps: [{ messages: [{ entries: deep }] }] },
  ]) {
    expect(flawOf(json)).toBe("");
  }
});
