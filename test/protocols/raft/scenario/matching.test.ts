/** Expectations of scenarios, and the order in which messages are delivered. */
import { describe, expect, test } from "vitest";
import { differenceOf } from "../../../../src/protocols/raft/scenario/matching.js";
import { fitting, MessagePool, ordered } from "../../../../src/protocols/raft/scenario/pool.js";

describe("an expectation", () => {
  test.each([
    [{ role: "Leader" }, { role: "Leader", term: 2 }],
    [{ progress: { 2: { match: 3 } } }, { progress: { 2: { match: 3, next: 4 }, 3: {} } }],
    [[{ tag: "a" }], [{ tag: "a", index: 4 }]],
    [[], []],
    [null, null],
  ])("%j holds for %j", (expected, found) => expect(differenceOf(expected, found, "x")).toBeUndefined());

  test.each([
    [{ role: "Leader" }, { role: "Follower" }, "x.role"],
    [{ terms: [1, 2] }, { terms: [1] }, "x.terms"],
    [{ terms: [1, 2] }, { terms: [1, 3] }, "x.terms[1]"],
    [{ terms: [] }, { terms: {} }, "x.terms"],
    [{ config: null }, { config: { voters: [] } }, "x.config"],
    [{ config: { voters: [] } }, { config: null }, "x.config"],
    [{ progress: {} }, { role: "Follower" }, "x.progress"],
    [{ refused: false }, {}, "x.refused"],
    [{ toString: 1 }, {}, "x.toString"],
    [{ role: "Leader" }, undefined, "x"],
    [0, "0", "x"],
  ])("%j does not hold for %j: %s", (expected, found, path) =>
    expect(differenceOf(expected, found, "x")?.path).toBe(path),
  );

  test("of false holds in messages for a flag that is left out", () => {
    const options = { falseFitsAbsent: true };
    expect(differenceOf({ refused: false }, {}, "x", options)).toBeUndefined();
    expect(differenceOf({ refused: false }, { refused: true }, "x", options)).toBeDefined();
    expect(differenceOf({ refused: true }, {}, "x", options)).toBeDefined();
  });
});

describe("messages", () => {
  const message = (from: number, to: number, kind: "vote" | "append") => ({
    from,
    to,
    kind,
    name: `${from}${to}${kind}`,
  });
  const all = [message(1, 3, "vote"), message(1, 2, "vote"), message(2, 3, "append"), message(3, 2, "append")];
  const names = (some: readonly { name: string }[]) => some.map(({ name }) => name);

  test("fit all lists of a filter", () => {
    expect(names(fitting(all, {}))).toEqual(names(all));
    expect(names(fitting(all, { to: [2] }))).toEqual(["12vote", "32append"]);
    expect(names(fitting(all, { to: [2, 3], from: [1, 2], kinds: ["append"] }))).toEqual(["23append"]);
    expect(names(fitting(all, { to: [] }))).toEqual([]);
  });

  test("are delivered oldest first, receiver by receiver, or the other way round", () => {
    expect(names(ordered(all, {}))).toEqual(names(all));
    expect(names(ordered(all, { n: 2 }))).toEqual(["13vote", "12vote"]);
    expect(names(ordered(all, { to: [2, 3] }))).toEqual(["12vote", "32append", "13vote", "23append"]);
    expect(names(ordered(all, { to: [2, 3], n: 3, order: "reverse" }))).toEqual(["23append", "13vote", "12vote"]);
  });

  test("do not enter the pool where their way is cut", () => {
    const pool = new MessagePool<(typeof all)[number]>();
    pool.cut([[1, 3]]);
    for (const each of all) pool.send(each);
    pool.heal();
    pool.send(all[0]!);
    expect(names(pool.waiting)).toEqual(["12vote", "23append", "32append", "13vote"]);
    pool.take(all[2]!);
    expect(names(pool.waiting)).toEqual(["12vote", "32append", "13vote"]);
  });
});
