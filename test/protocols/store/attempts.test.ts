/** What back ends at a distance make of a call: attempts that are given up, and answers of etcd's gateway. */
import { describe, expect, test } from "vitest";
import { replyOf } from "../../../src/protocols/store/etcd/gateway.js";
import { Attempt, Exchange } from "../../../src/protocols/store/exchange/node.js";
import { requireStored } from "../../../src/protocols/store/nats/refusals/node.js";

const LONG = "A".repeat(20_000);

describe("an attempt", () => {
  test("tells that it was given up, by a listener and by a signal, before and after", () => {
    const attempt = new Attempt();
    const reasons: unknown[] = [];
    attempt.onGivenUp(() => reasons.push("replaced"));
    attempt.onGivenUp((reason) => reasons.push(reason));
    const { signal } = attempt;
    expect([signal.aborted, attempt.isGivenUp]).toEqual([false, false]);
    attempt.giveUp("first");
    attempt.giveUp("second");
    attempt.onGivenUp((reason) => reasons.push(reason));
    expect(reasons).toEqual(["first", "first"]);
    expect([signal.aborted, signal.reason, attempt.isGivenUp]).toEqual([true, "first", true]);
    const late = new Attempt();
    late.giveUp("gone");
    expect(late.signal.reason).toBe("gone");
  });

  test("is given up when its time is over, and the next one has more", async () => {
    const exchange = new Exchange("store_test", { timeoutMs: 5_000, attemptTimeoutMs: 5 });
    const attempts: Attempt[] = [];
    const value = await exchange.run("get", (attempt) => {
      attempts.push(attempt);
      return attempts.length < 3 ? new Promise<number>(() => {}) : Promise.resolve(7);
    });
    expect([value, ...attempts.map(({ isGivenUp }) => isGivenUp)]).toEqual([7, true, true, false]);
    const waiting = exchange.run("get", (attempt) => {
      attempts.push(attempt);
      return new Promise(() => {});
    });
    exchange.end();
    await expect(waiting).rejects.toMatchObject({ code: "closed" });
    expect(attempts.at(-1)?.isGivenUp).toBe(true);
  });
});

test("an acknowledgement of NATS that names no message is none", () => {
  expect(() => requireStored({ seq: 0 })).toThrow("under way");
  expect(() => requireStored({ seq: 1 })).not.toThrow();
});

test.each([
  ["a short value", `{"kvs":[{"key":"aw==","value":"dg=="}]}`],
  [
    "a long value",
    `{"header":{"revision":"3"},"kvs":[{"key":"aw==","value":"${LONG}","mod_revision":"3"}],"count":"1"}`,
  ],
  ["a long value of the second key", `{"kvs":[{"key":"aw=="},{"key":"bA==","value":"${LONG}"}]}`],
  ["a long value in a transaction", `{"responses":[{"response_range":{"kvs":[{"key":"aw==","value":"${LONG}"}]}}]}`],
  ["a long value with an escape", `{"kvs":[{"key":"aw==","value":"\\u0041${LONG}"}]}`],
  ["a long value with a quotation mark", `{"kvs":[{"key":"aw==","value":"${LONG}\\"${LONG}"}]}`],
  ["no value", `{"kvs":[{"key":"${LONG}"}]}`],
])("an answer of etcd with %s is what JSON makes of it", (_name, text) => {
  expect(replyOf(text)).toEqual(JSON.parse(text));
});

test.each([`{"kvs":[{"value":"${LONG}`, `{"kvs":[{"value":"${LONG}"`, LONG])(
  "an answer that is no JSON is refused",
  (text) => {
    expect(() => replyOf(text)).toThrow(SyntaxError);
  },
);
