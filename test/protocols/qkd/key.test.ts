/** Keys: their one use, their life, and what they print. */
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { isWireError } from "../../../src/errors.js";
import { QkdKey, type QkdKeyParts, type QkdKeyState } from "../../../src/protocols/qkd/key.js";
import type { QkdError } from "../../../src/protocols/qkd/errors.js";
import { issueOf } from "../../support/issue-of.js";
import { registeringAllocator } from "./registering-allocator.js";

function harness(parts: Partial<QkdKeyParts> = {}) {
  const memory = registeringAllocator();
  const bytes = memory.allocate(4);
  bytes.set([222, 173, 190, 239]);
  const states: QkdKeyState[] = [];
  const time = { nowMs: 1_000 };
  const key = new QkdKey({
    keyId: "k",
    masterSaeId: "alice",
    slaveSaeId: "bob",
    bytes,
    clock: () => time.nowMs,
    maxAgeMs: 100,
    onState: (state) => states.push(state),
    ...parts,
  });
  return { key, bytes, states, time, ...memory };
}

const reasonOf = (action: () => unknown): string => (issueOf(action) as QkdError).reason;

describe("a key", () => {
  test("gives its bytes once, and wipes them", () => {
    const { key, bytes, states, expectZero } = harness();
    expect([key.state, key.sizeBytes, key.authenticated]).toEqual(["FETCHED", 4, true]);
    const taken = key.take();
    expect(taken).toBe(bytes);
    expect([...taken]).toEqual([222, 173, 190, 239]);
    expect(reasonOf(() => key.take())).toBe("KEY_USED");
    expect(reasonOf(() => key.reserve())).toBe("KEY_USED");
    key.dispose();
    expectZero();
    key.dispose();
    expect(states).toEqual(["USED", "DESTROYED"]);
    expect(reasonOf(() => key.take())).toBe("KEY_DESTROYED");
  });

  test("is reserved once, and then taken", () => {
    const { key, states } = harness();
    key.reserve();
    expect(reasonOf(() => key.reserve())).toBe("KEY_USED");
    key.take();
    expect(states).toEqual(["RESERVED", "USED"]);
  });

  test.each(["FETCHED", "RESERVED"])("expires out of %s, and is zero then", (from) => {
    const { key, states, time, expectZero } = harness();
    if (from === "RESERVED") key.reserve();
    time.nowMs = 1_099;
    expect(key.state).toBe(from);
    time.nowMs = 1_100;
    expect(reasonOf(() => key.take())).toBe("KEY_EXPIRED");
    expectZero();
    key.dispose();
    expect(key.state).toBe("EXPIRED");
    expect(states.at(-1)).toBe("EXPIRED");
  });

  test("that is in use does not expire", () => {
    const { key, time } = harness();
    const bytes = key.take();
    time.nowMs = 99_999;
    expect([key.state, key.expire(), bytes[0]]).toEqual(["USED", false, 222]);
  });

  test("expires where its clock says nothing", () => {
    const { key, time, expectZero } = harness();
    time.nowMs = Number.NaN;
    expect(key.expire()).toBe(true);
    expectZero();
  });

  test("lives for a day by default", () => {
    const { key } = harness({ maxAgeMs: undefined as never });
    expect(key.expiresAtMs).toBe(1_000 + 86_400_000);
  });

  test("is wiped at the end of its block", () => {
    const { key, expectZero } = harness();
    {
      using held = key;
      held.take();
    }
    expectZero();
    expect(key.state).toBe("DESTROYED");
  });

  test("prints redacted in every form", () => {
    const { key } = harness();
    const printed = [String(key), `${key}`, inspect(key), inspect({ key }), JSON.stringify({ key })];
    expect(new Set(printed.slice(0, 3))).toEqual(new Set(["[QKD key, redacted]"]));
    for (const text of printed) {
      expect(text).toContain("[QKD key, redacted]");
      expect(text).not.toMatch(/222|173|dead|3q2/i);
    }
    expect(JSON.stringify(Object.values(key))).not.toMatch(/222/);
  });

  test("refuses with errors that are WireErrors and say what they mean for keys", () => {
    const { key } = harness();
    key.take();
    const error = issueOf(() => key.take()) as QkdError;
    expect(isWireError(error)).toBe(true);
    expect(error).toMatchObject({
      name: "QkdError",
      code: "expired",
      path: "key",
      keyMayBeConsumed: false,
      attempts: 0,
    });
    expect(error.message).toContain("KEY_USED");
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ code: "expired", reason: "KEY_USED", retryable: false });
  });
});
