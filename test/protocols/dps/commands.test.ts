/** Commands in the session of a server. */
import { describe, expect, it } from "vitest";
import type { Result } from "../../../src/errors.js";
import { Commands } from "../../../src/protocols/dps/commands.js";
import type { RaftCall, RaftOutcome } from "../../../src/protocols/raft/index.js";

interface Proposed {
  readonly call: RaftCall;
  readonly deadlineMs: number;
  done(outcome: Result<RaftOutcome>): void;
}

const LATE = { ok: false, error: { code: "timeout", format: "raft", path: "" } } as const;

describe("commands that wait for a session", () => {
  it("outlive an attempt to open it that ended before their time", () => {
    const proposed: Proposed[] = [];
    const commands = new Commands({
      propose: (call, deadlineMs, done) => void proposed.push({ call, deadlineMs, done }),
    });
    const outcomes: string[] = [];
    const start = (name: string, deadlineMs: number): void =>
      void commands.start(new Uint8Array(1), deadlineMs, (outcome) =>
        outcomes.push(`${name} ${outcome.ok ? "done" : outcome.error.code}`),
      );
    start("short", 100);
    start("long", 10_000);
    expect(proposed.map(({ call, deadlineMs }) => [call.type, deadlineMs])).toEqual([["openSession", 100]]);
    proposed[0]!.done(LATE);
    expect(outcomes).toEqual(["short timeout"]);
    expect(proposed[1]).toMatchObject({ call: { type: "openSession" }, deadlineMs: 10_000 });
    proposed[1]!.done({ ok: true, value: { type: "sessionOpened", client: 7 } });
    expect(proposed[2]).toMatchObject({ call: { type: "propose", session: { client: 7, serial: 1 } } });
    proposed[2]!.done({ ok: true, value: { type: "proposed" } as RaftOutcome });
    expect(outcomes).toEqual(["short timeout", "long done"]);
  });

  it("all fail where it is refused", () => {
    const proposed: Proposed[] = [];
    const commands = new Commands({
      propose: (call, deadlineMs, done) => void proposed.push({ call, deadlineMs, done }),
    });
    const codes: string[] = [];
    for (const deadlineMs of [100, 10_000]) {
      commands.start(new Uint8Array(1), deadlineMs, (outcome) => codes.push(outcome.ok ? "done" : outcome.error.code));
    }
    proposed[0]!.done({ ok: false, error: { code: "limit", format: "raft", path: "" } });
    expect(codes).toEqual(["limit", "limit"]);
    expect(proposed.length).toBe(1);
  });
});
