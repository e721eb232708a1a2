/** Fetching of blocks: whole, in pieces, from members that lie, and the refusals of a member that serves. */
import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../src/bytes/index.js";
import { encodePieceAnswer, encodeSyncAnswer } from "../../../src/codec/gen/chain/index.js";
import { isWireError } from "../../../src/errors.js";
import {
  blockHash,
  CHAIN_KEY,
  ChainMachine,
  gobHashing,
  type Block,
  type ChainCall,
  type ChainEvent,
  type ChainMachineOptions,
  type ChainOutcome,
} from "../../../src/protocols/chain/index.js";
import { blockRecord } from "../../../src/protocols/chain/stored/records.js";
import { Command, Protocol, RpcMachine } from "../../../src/protocols/rpc/index.js";
import { NO_FAULTS, Simulation, type SimulatedHost, type SimulationCall } from "../../../src/testing/index.js";
import { chainOf, genesis, HASHINGS, nextBlock } from "./made.js";

type ChainHost = SimulatedHost<ChainCall, ChainOutcome, ChainEvent>;
const TIMEOUT_MS = 60_000;

function chainHost(simulation: Simulation, name: string, options: ChainMachineOptions): ChainHost {
  return simulation.host(name, (env) => new ChainMachine(options, env), { listen: `${name}:7200` });
}

function settled<T>(simulation: Simulation, call: SimulationCall<T>): T {
  simulation.runUntil(() => call.outcome !== undefined, 2 * TIMEOUT_MS);
  const { outcome } = call;
  if (!outcome?.ok) throw Object.assign(new Error(outcome?.error.code), outcome?.error);
  return outcome.value;
}

describe.each(["uint16be", "uint32be"] as const)("over frames of %s, blocks", (framing) => {
  it.each(HASHINGS)("of all lengths are fetched, by %s", (_, hashing) => {
    const simulation = new Simulation({ run: 1, faults: NO_FAULTS });
    const options = { genesis: genesis(hashing), framing };
    const [own, peer] = [chainHost(simulation, "own", options), chainHost(simulation, "peer", options)];
    const blocks: Block[] = [];
    let last = chainOf(0, hashing).tip;
    for (const bytes of [10, 65_000, 65_200, 66_000, 1_048_300, 10, 10, 2_000_000, 300_000, 0]) {
      blocks.push((last = nextBlock(last, hashing, bytes)));
    }
    let have = 0;
    // One after the other, so that each of them is once the own newest one.
    for (const [i, block] of blocks.entries()) {
      settled(simulation, peer.call({ type: "add", block, isNote: i % 2 === 0 }, TIMEOUT_MS));
      if (i % 3 === 1) continue;
      const synced = settled(simulation, own.call({ type: "sync", peer: peer.address }, TIMEOUT_MS));
      expect(synced).toEqual({ type: "synced", appended: i + 1 - have });
      have = i + 1;
    }
    expect(Buffer.compare(own.disk.read(CHAIN_KEY)!, peer.disk.read(CHAIN_KEY)!)).toBe(0);
    expect(settled(simulation, own.call({ type: "sync", peer: peer.address }, TIMEOUT_MS))).toMatchObject({
      appended: 0,
    });
  });
});

it("a member with another block of one index is told, and changes nothing", () => {
  const simulation = new Simulation({ run: 1, faults: NO_FAULTS });
  const [own, peer] = ["own", "peer"].map((name) => chainHost(simulation, name, { genesis: {} })) as [
    ChainHost,
    ChainHost,
  ];
  for (const data of [1, 2]) settled(simulation, peer.call({ type: "append", data: Uint8Array.of(data) }, TIMEOUT_MS));
  settled(simulation, own.call({ type: "append", data: Uint8Array.of(9) }, TIMEOUT_MS));
  const before = own.disk.read(CHAIN_KEY)!.slice();
  const synced = settled(simulation, own.call({ type: "sync", peer: peer.address }, TIMEOUT_MS));
  expect(synced).toEqual({ type: "synced", appended: 0, forkedAt: 1n });
  expect(own.emitted).toContainEqual({ type: "forked", index: 1n, peer: peer.address });
  expect(own.disk.read(CHAIN_KEY)).toEqual(before);
  // One whose chain is shorter has nothing to give.
  settled(simulation, own.call({ type: "append", data: Uint8Array.of(9) }, TIMEOUT_MS));
  settled(simulation, own.call({ type: "append", data: Uint8Array.of(9) }, TIMEOUT_MS));
  expect(settled(simulation, own.call({ type: "sync", peer: peer.address }, TIMEOUT_MS))).toMatchObject({
    appended: 0,
  });
});

describe("a member that lies", () => {
  const blocks = [...chainOf(3)];
  const records = blocks.map((block) => blockRecord(block, false));
  const whole = (...list: readonly Uint8Array[]): Uint8Array =>
    encodeSyncAnswer({ blocks: list.map((record) => ({ record })) });
  const forged = { ...blocks[1]!, index: 5n };
  const jump = blockRecord({ ...forged, hash: blockHash(forged, gobHashing()) }, false);
  const answers: Readonly<Record<string, Uint8Array>> = {
    "gives a block that does not follow": whole(records[0]!, records[2]!),
    "gives a block of another index": whole(records[0]!, jump),
    "gives a changed block": whole(
      records[0]!,
      records[1]!.map((byte, i) => (i === records[1]!.length - 1 ? byte ^ 1 : byte)),
    ),
    "gives blocks that were not asked for": whole(records[1]!, records[2]!),
    "gives what is no block": whole(records[0]!, Uint8Array.of(9)),
    "gives an unknown record": whole(records[0]!, Uint8Array.of(9, 0, 0, 0, 0)),
    "gives another payload": Uint8Array.of(1, 0x25),
    "gives an empty piece": encodePieceAnswer({ totalBytes: 100, offset: 0, bytes: new Uint8Array(0) }),
    "gives a piece of another place": encodePieceAnswer({ totalBytes: 100, offset: 7, bytes: Uint8Array.of(1) }),
    "claims a piece of 4 GiB": encodePieceAnswer({ totalBytes: 0xffffffff, offset: 0, bytes: Uint8Array.of(1) }),
    "gives more than a block": encodePieceAnswer({ totalBytes: 3, offset: 0, bytes: new Uint8Array(5) }),
    "gives a piece that is no block": encodePieceAnswer({ totalBytes: 5, offset: 0, bytes: new Uint8Array(5) }),
  };

  it.each(Object.entries(answers))("%s changes nothing", (_, payload) => {
    const simulation = new Simulation({ run: 1, faults: NO_FAULTS });
    const own = chainHost(simulation, "own", { genesis: genesis() });
    const answer = () => ({ command: Command.VALUE, payload: payload.slice() });
    const peer = simulation.host("peer", (env) => new RpcMachine({}, env, { [Command.GET]: answer }), {
      listen: "peer:1",
    });
    const call = own.call({ type: "sync", peer: peer.address }, TIMEOUT_MS);
    simulation.runUntil(() => call.outcome !== undefined, 2 * TIMEOUT_MS);
    expect(call.outcome).toMatchObject({ ok: false, error: { code: "unproven" } });
    const status = settled(simulation, own.call({ type: "status" }, TIMEOUT_MS));
    expect(status).toMatchObject({ status: { height: 0n } });
  });

  it("gives the same piece for ever ends at the length that it claims", () => {
    const simulation = new Simulation({ run: 1, faults: NO_FAULTS });
    const own = chainHost(simulation, "own", { genesis: genesis() });
    const piece = encodePieceAnswer({ totalBytes: 1_000_000, offset: 0, bytes: new Uint8Array(1000) });
    const answer = () => ({ command: Command.VALUE, payload: piece.slice() });
    const peer = simulation.host("peer", (env) => new RpcMachine({}, env, { [Command.GET]: answer }), {
      listen: "peer:1",
    });
    const call = own.call({ type: "sync", peer: peer.address }, TIMEOUT_MS);
    simulation.runUntil(() => call.outcome !== undefined, 2 * TIMEOUT_MS);
    expect(call.outcome).toMatchObject({ ok: false, error: { code: "unproven" } });
  });
});

describe("a member that serves", () => {
  it("refuses what is no request for blocks, and goes on", () => {
    const simulation = new Simulation({ run: 1, faults: NO_FAULTS });
    const own = chainHost(simulation, "own", { genesis: genesis() });
    const peer = simulation.host("peer", (env) => new RpcMachine({}, env), { listen: "peer:1" });
    const asked = (body: { command: number; protocol: number; payload: Uint8Array }): string => {
      const call = peer.call({ type: "request", target: { peer: own.address }, body }, TIMEOUT_MS);
      simulation.runUntil(() => call.outcome !== undefined, TIMEOUT_MS);
      const { outcome } = call;
      return outcome?.ok === true ? "ok" : (outcome?.error.actual ?? "none");
    };
    const get = { command: Command.GET, protocol: Protocol.Raft };
    const beyond = concatBytes(Uint8Array.of(1, 0x22), new Uint8Array(7), Uint8Array.of(9), new Uint8Array(8));
    expect(asked({ ...get, payload: new Uint8Array(0) })).toBe("unsupported");
    expect(asked({ ...get, payload: Uint8Array.of(1, 0x21) })).toBe("unsupported");
    expect(asked({ ...get, protocol: Protocol.Kademlia, payload: new Uint8Array(0) })).toBe("unsupported");
    expect(asked({ ...get, command: Command.STORE, payload: new Uint8Array(0) })).toBe("unsupported");
    expect(asked({ ...get, payload: beyond })).toBe("notFound");
    expect(asked({ ...get, command: Command.PING, payload: new Uint8Array(0) })).toBe("ok");
    expect(settled(simulation, own.call({ type: "status" }, TIMEOUT_MS))).toMatchObject({ status: { height: 0n } });
  });

  it("settles calls at their deadlines, and refuses what is no time", () => {
    const simulation = new Simulation({ run: 1, faults: NO_FAULTS });
    const own = chainHost(simulation, "own", { genesis: genesis() });
    const call = own.call({ type: "sync", peer: "nowhere:1" }, 1_000);
    simulation.runUntil(() => call.outcome !== undefined, TIMEOUT_MS);
    expect(call.outcome?.ok).toBe(false);
    const cancelled = own.call({ type: "sync", peer: "nowhere:1" }, TIMEOUT_MS);
    cancelled.cancel();
    simulation.runFor(10);
    expect(cancelled.outcome).toMatchObject({
      ok: false,
      error: { code: expect.stringMatching(/cancelled|unreachable/) as string },
    });
    expect(
      () => new ChainMachine({ answersPerPeerMax: 0 }, { random: (n) => new Uint8Array(n), unixNs: () => 0n }),
    ).toThrow(expect.toSatisfy(isWireError) as Error);
  });
});
