/** The keeper of a chain, where its disk takes nothing for a while. */
import { expect, it } from "vitest";
import type { Result } from "../../../src/errors.js";
import { genesisBlock, type ChainCall, type ChainOutcome } from "../../../src/protocols/chain/index.js";
import { ChainKeeper } from "../../../src/protocols/dps/backup/chain-keeper.js";
import type { ChainBackups } from "../../../src/protocols/dps/backup/chain-backups.js";
import type { DpsCounters } from "../../../src/protocols/dps/index.js";

it("stores a block once there is room, also where no other server has it", () => {
  const calls: { readonly call: ChainCall; done(outcome: Result<ChainOutcome>): void }[] = [];
  const stored: number[] = [];
  const backups = { tip: { index: 1n, hash: new Uint8Array(32) }, confirms: () => true } as unknown as ChainBackups;
  const counters = { blocks: 0, fetchedBlocks: 0 } as DpsCounters;
  const keeper = new ChainKeeper(
    {
      chain: (call, _deadlineMs, done) => void calls.push({ call, done: done as never }),
      stored: (index) => void stored.push(index),
      others: () => [],
      backups: () => backups,
    },
    counters,
  );
  /** Answers the call under way, which is of this type. */
  const answer = (type: ChainCall["type"], outcome: Result<object>): void => {
    const { call, done } = calls.shift()!;
    expect(call.type).toBe(type);
    done(outcome as Result<ChainOutcome>);
  };
  const status = (height: bigint): Result<object> => ({ ok: true, value: { type: "status", status: { height } } });
  const block = { ...genesisBlock(), index: 1n };
  keeper.noted({ block, keys: [] });
  keeper.advance(0);
  answer("status", status(0n));
  for (let nowMs = 0; nowMs < 3_000; nowMs += 1_000) {
    keeper.advance(nowMs);
    answer("add", { ok: false, error: { code: "storage", format: "disk", path: "", actual: "ENOSPC" } });
    answer("status", status(0n));
    // Not at once: the disk would be asked all the time.
    keeper.advance(nowMs);
    expect(calls).toEqual([]);
    expect(keeper.nextMs).toBe(nowMs + 1_000);
  }
  keeper.advance(3_000);
  answer("add", { ok: true, value: {} });
  answer("status", status(1n));
  expect(counters.blocks).toBe(1);
  expect(stored).toEqual([0, 0, 0, 0, 1]);
  expect(keeper.nextMs).toBe(Infinity);
});
