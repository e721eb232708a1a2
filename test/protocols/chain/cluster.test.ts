/** Simulations: members of a cluster whose chains follow one log, through crashes, lost links and strangers. */
import { describe, expect, it } from "vitest";
import { concatBytes, equalBytes, toHex } from "../../../src/bytes/index.js";
import {
  BackupCore,
  CHAIN_KEY,
  ChainMachine,
  genesisBlock,
  gobHashing,
  newestBackup,
  type BackupMark,
  type BackupNote,
  type Block,
  type ChainCall,
  type ChainEvent,
  type ChainOutcome,
} from "../../../src/protocols/chain/index.js";
import { encodeKv, KvState } from "../../../src/protocols/raft/kv/kv-state.js";
import { simulate, type SimulatedHost, type Simulation, type SimulationCall } from "../../../src/testing/index.js";
import { scaled } from "../../support/scale.js";
import { genesis, nextBlock } from "./made.js";

const GENESIS = genesis();
const FIRST = genesisBlock(GENESIS);
const CLUSTER = new Uint8Array(8).fill(7);
const KEY = new Uint8Array(32).fill(9);
const CALL_MS = 5_000;

/** What a log holds. */
type Entry =
  | { readonly type: "put"; readonly key: string; readonly value: string }
  | { readonly type: "mark"; readonly mark: BackupMark }
  | { readonly type: "note"; readonly note: BackupNote };

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** All bytes of the state, as Raft makes its snapshots. */
function serialize(state: KvState): Uint8Array {
  const source = state.snapshot();
  const parts: Uint8Array[] = [];
  for (let part = source.next(100); part !== undefined; part = source.next(100)) parts.push(part);
  return concatBytes(...parts);
}

/** What a member keeps of the log in a snapshot. */
interface Snapshot {
  readonly applied: number;
  readonly state: Uint8Array;
  readonly backups: Uint8Array;
}

type ChainHost = SimulatedHost<ChainCall, ChainOutcome, ChainEvent>;

/** A member: a chain on a host, and what it makes of the log. */
class Member {
  readonly id: bigint;
  readonly host: ChainHost;
  readonly #key: Uint8Array | undefined;
  core!: BackupCore;
  state = new KvState();
  applied = 0;
  /** Blocks that were built here, and those that have to be fetched. */
  built = 0;
  fetches = 0;
  diverged = 0;
  syncing: SimulationCall<ChainOutcome> | undefined;

  constructor(simulation: Simulation, id: bigint, key: Uint8Array | undefined) {
    this.id = id;
    this.#key = key;
    this.restart();
    const hooks = { confirms: (block: Block) => this.core.confirms(block) };
    this.host = simulation.host(`m${id}`, (env) => new ChainMachine({ genesis: GENESIS }, env, hooks), {
      listen: `m${id}:7200`,
    });
  }

  /** What is kept now, to begin with after a crash. */
  snapshot(): Snapshot {
    return { applied: this.applied, state: serialize(this.state), backups: this.core.encode() };
  }

  /** Begins the log anew, as after a crash, or behind a snapshot. */
  restart(snapshot?: Snapshot): void {
    const key = this.#key;
    const { hashing = gobHashing() } = GENESIS;
    this.core = new BackupCore({ member: this.id, cluster: CLUSTER, hashing, genesis: FIRST, ...(key && { key }) });
    this.state = new KvState();
    this.applied = snapshot?.applied ?? 0;
    if (snapshot === undefined) return;
    this.core.restore(snapshot.backups);
    const sink = this.state.restore();
    sink.write(snapshot.state);
    sink.finish()();
  }

  /** @param freezes whether a state can be had at a mark */
  apply(entry: Entry, freezes: boolean): void {
    this.applied++;
    const at = { index: BigInt(this.applied), term: 1n };
    if (entry.type === "put") {
      const data = encodeKv({ op: "put", key: utf8(entry.key), value: utf8(entry.value) });
      this.state.apply({ index: this.applied, atMs: 0, data });
    } else if (entry.type === "mark")
      this.core.applyMark(entry.mark, at, () => (freezes ? serialize(this.state) : undefined));
    if (entry.type === "note") {
      const found = this.core.applyNote(entry.note);
      if (found.type === "block") {
        this.built++;
        this.host.call({ type: "add", block: found.block, isNote: true, keys: found.keys }, CALL_MS);
      } else if (found.type === "fetch") this.fetches++;
      else if (found.type === "stateDiverged") this.diverged++;
    }
  }

  sync(peer: string): void {
    if (this.syncing === undefined || this.syncing.outcome !== undefined) {
      this.syncing = this.host.call({ type: "sync", peer }, CALL_MS);
    }
  }
}

/** A cluster of three, with a stranger whose longer chain no log confirms. */
function cluster(simulation: Simulation, { isEncrypted, partBytes }: { isEncrypted: boolean; partBytes: number }) {
  const { random } = simulation;
  const members = [1n, 2n, 3n].map((id) => new Member(simulation, id, isEncrypted ? KEY : undefined));
  const stranger: ChainHost = simulation.host("stranger", (env) => new ChainMachine({ genesis: GENESIS }, env), {
    listen: "stranger:7200",
  });
  let block = FIRST;
  for (let i = 0; i < 40; i++)
    stranger.call({ type: "add", block: (block = nextBlock(block, GENESIS.hashing!)) }, CALL_MS);
  const log: Entry[] = [];
  const down = new Set<Member>();
  let mark: { readonly index: number; readonly number: bigint } | undefined;
  let notes = 0;

  const catchUp = (member: Member, freezes = true): void => {
    while (member.applied < log.length) member.apply(log[member.applied]!, freezes);
  };
  /** The leader writes notes when a majority froze its state. */
  const note = (leader: Member): void => {
    if (mark === undefined || leader.applied < log.length || leader.core.digest?.number !== mark.number) return;
    const others = members.filter((one) => one.core.digest?.number === mark!.number);
    const digests = new Map(others.map((one) => [one.id, one.core.digest!.sha256]));
    if (leader.core.decide(digests, [1n, 2n, 3n]) !== "agreed") return;
    const made = leader.core.makeNotes({
      atMs: BigInt(Math.floor(simulation.nowMs)),
      timeNs: BigInt(Math.floor(simulation.nowMs)) * 1_000_000n,
      config: Uint8Array.of(1, 2, 3),
      keys: [new Uint8Array(20).fill(notes)],
      partBytes,
      travelBytesMax: random.pick([0, 0, 0, 1000]),
      random: (n) => random.bytes(n),
    });
    // Another leader may write notes of its own at once: one of them is of another tip.
    for (const one of made) log.push({ type: "note", note: one });
    if (random.chance(0.3)) for (const one of made) log.push({ type: "note", note: one });
    notes += made.length;
    mark = undefined;
  };
  const step = (): void => {
    const member = random.pick(members);
    const what = random.between(0, 10);
    if (what < 3) {
      for (let i = 0; i < 3; i++) {
        log.push({ type: "put", key: `k${random.between(0, 20)}`, value: `${random.between(0, 1000)}` });
      }
    } else if (what === 3) {
      const number = BigInt(log.length + 1);
      log.push({ type: "mark", mark: { number, atMs: 0n } });
      mark = { index: log.length, number };
      // One of them may be unable to freeze its state, and fetches the block.
      const blind = random.chance(0.5) ? random.pick(members) : undefined;
      for (const one of members) if (!down.has(one)) catchUp(one, one !== blind);
      if (random.chance(0.7)) note(random.pick(members));
    } else if (what === 4 || what === 9) note(member);
    else if (what === 5 && !down.has(member)) {
      member.host.crash();
      down.add(member);
    } else if ((what === 6 || what === 8) && down.has(member)) {
      down.delete(member);
      member.host.restart();
      // A snapshot of another member holds the same as the log up to there.
      member.restart(random.chance(0.5) ? random.pick(members).snapshot() : undefined);
    } else if (what === 7 && !down.has(member))
      member.sync(random.pick(["m1:7200", "m2:7200", "m3:7200", "stranger:7200"]));
    else if (!down.has(member)) catchUp(member, random.chance(0.8));
    // Reads are answered by one member alone, and must not show in its state.
    random.pick(members).state.query(encodeKv({ op: "get", key: utf8(`k${random.between(0, 20)}`) }));
    simulation.runFor(random.between(0, 100));
  };
  const settle = (): void => {
    for (const member of down) {
      member.host.restart();
      member.restart();
    }
    down.clear();
    for (const member of members) catchUp(member);
    simulation.runFor(CALL_MS);
  };
  return { members, stranger, log, step, settle, catchUp, notes: () => notes };
}

function recordsOf(member: Member): Uint8Array {
  return member.host.disk.read(CHAIN_KEY)!;
}

describe.each([
  ["whole states", { isEncrypted: false, partBytes: 1_000_000 }],
  ["encrypted states in parts", { isEncrypted: true, partBytes: 50 }],
] as const)("members with %s", (name, options) => {
  it("have the same records, byte for byte, and no block that the log does not name", async () => {
    let blocks = 0;
    let built = 0;
    let fetched = 0;
    await simulate(`members with ${name}`, { runs: scaled(20, 400), file: import.meta.url }, (simulation) => {
      const { members, step, settle, catchUp } = cluster(simulation, options);
      for (let i = 0; i < 150; i++) step();
      simulation.heal();
      settle();
      for (let round = 0; round < 6; round++) {
        for (const [i, member] of members.entries()) {
          member.sync(members[(i + 1 + (round % 2)) % 3]!.host.address);
          simulation.runUntil(() => member.syncing?.outcome !== undefined, 2 * CALL_MS);
        }
        // What nobody has stored is built again from the log, as after a restart.
        for (const member of members) {
          member.restart();
          catchUp(member);
        }
        simulation.runFor(CALL_MS);
      }
      const [first, ...others] = members;
      for (const member of others) {
        if (!equalBytes(recordsOf(member), recordsOf(first!))) throw new Error("records differ");
      }
      for (const member of members) {
        const status = member.host.call({ type: "status" }, CALL_MS);
        const validation = member.host.call({ type: "validate", head: member.core.tip }, CALL_MS);
        simulation.runUntil(() => status.outcome !== undefined && validation.outcome !== undefined, CALL_MS);
        const { outcome } = status;
        if (!outcome?.ok || outcome.value.type !== "status") throw new Error("no status");
        if (outcome.value.status.height !== member.core.tip.index) throw new Error("a chain that is not the log's");
        if (!equalBytes(outcome.value.status.tip, member.core.tip.hash)) throw new Error("another tip");
        const found = validation.outcome;
        if (!found?.ok || found.value.type !== "validated" || !found.value.validation.ok) throw new Error("not valid");
        if (member.diverged > 0) throw new Error("states differ");
        blocks += Number(outcome.value.status.height);
        built += member.built;
        fetched += member.fetches;
      }
    });
    expect(blocks).toBeGreaterThan(100);
    expect(built).toBeGreaterThan(100);
    expect(fetched).toBeGreaterThan(10);
  });
});

describe("a backup", () => {
  const core = (member: bigint, key?: Uint8Array): BackupCore =>
    new BackupCore({ member, cluster: CLUSTER, hashing: GENESIS.hashing!, genesis: FIRST, ...(key && { key }) });
  const mark = { number: 1n, atMs: 5n };
  const at = { index: 9n, term: 2n };
  const init = {
    atMs: 6n,
    timeNs: 7n,
    config: Uint8Array.of(1),
    keys: [],
    random: (n: number) => new Uint8Array(n).fill(3),
  };
  const state = utf8("a state that is longer than a part");

  it("has the same blocks on all that froze the state, whenever they build them", () => {
    for (const key of [undefined, KEY]) {
      const members = [1n, 2n, 3n].map((member) => core(member, key));
      for (const one of members) one.applyMark(mark, at, () => state.slice());
      const notes = members[0]!.makeNotes({ ...init, partBytes: 10 });
      expect(notes).toHaveLength(4);
      for (const note of notes) {
        const found = members.map((one) => one.applyNote(note));
        expect(found.map(({ type }) => type)).toEqual(["block", "block", "block"]);
        expect(found[1]).toEqual(found[0]);
        expect(found[2]).toEqual(found[0]);
      }
      const blocks: Block[] = [FIRST];
      const again = core(2n, key);
      again.applyMark(mark, at, () => state);
      for (const note of notes) {
        const found = again.applyNote(note);
        if (found.type === "block") blocks.push(found.block);
      }
      expect(newestBackup(blocks, key)).toMatchObject({
        state,
        lastIndex: 9n,
        lastTerm: 2n,
        member: 1n,
        config: init.config,
        blockIndex: 4n,
        cluster: CLUSTER,
      });
      expect(() => newestBackup(blocks.slice(0, 4), key)).toThrow("missing");
      if (key !== undefined) expect(() => newestBackup(blocks, new Uint8Array(32))).toThrow("the tag does not match");
    }
  });

  it("is fetched by its hash where no state, or another key, is", () => {
    const [leader, late, keyless] = [core(1n, KEY), core(2n, KEY), core(3n)];
    leader.applyMark(mark, at, () => state);
    keyless.applyMark(mark, at, () => state);
    late.applyMark(mark, at, () => undefined);
    const [note] = leader.makeNotes(init);
    const built = leader.applyNote(note!);
    if (built.type !== "block") throw new Error(built.type);
    for (const one of [late, keyless]) {
      expect(one.applyNote(note!)).toEqual({ type: "fetch", index: 1n, hash: built.block.hash });
      expect([one.confirms(built.block), one.confirms(nextBlock(FIRST, GENESIS.hashing!))]).toEqual([true, false]);
    }
    // A state that travels in its note is built by all that have the key.
    const plain = core(1n);
    plain.applyMark(mark, at, () => state);
    const [short] = plain.makeNotes({ ...init, travelBytesMax: 1000 });
    const without = core(2n);
    without.applyMark(mark, at, () => undefined);
    expect(without.applyNote(short!).type).toBe("block");
  });

  it("of a state that is not the others' stops its member, and moves the tip all the same", () => {
    const members = [1n, 2n, 3n].map((member) => core(member));
    const states = [state, state, state.slice(1)];
    for (const [i, one] of members.entries()) one.applyMark(mark, at, () => states[i]);
    const digests = new Map(members.map((one, i) => [BigInt(i + 1), one.digest!.sha256]));
    expect(members.map((one) => one.decide(digests, [1n, 2n, 3n]))).toEqual(["agreed", "agreed", "outvoted"]);
    expect(members[0]!.decide(new Map(), [1n, 2n, 3n])).toBe("undecided");
    const [note] = members[0]!.makeNotes(init);
    const found = members[2]!.applyNote(note!);
    expect(found).toEqual({ type: "stateDiverged", index: 9n, own: digests.get(3n), noted: digests.get(1n) });
    expect(members[2]!.tip.hash).toEqual(note!.hash);
  });

  it("that is of another tip is nothing, on all alike", () => {
    const [one, other] = [core(1n), core(2n)];
    one.applyMark(mark, at, () => state);
    other.applyMark(mark, at, () => state);
    const [first] = one.makeNotes(init);
    const [second] = other.makeNotes({ ...init, timeNs: 8n });
    expect([first, second, first].map((note) => one.applyNote(note!).type)).toEqual(["block", "stale", "stale"]);
    expect([first, second, first].map((note) => other.applyNote(note!).type)).toEqual(["block", "stale", "stale"]);
    expect(toHex(one.tip.hash)).toBe(toHex(other.tip.hash));
  });

  it("is kept in snapshots of the log", () => {
    const one = core(1n);
    one.applyMark(mark, at, () => state);
    const notes = one.makeNotes({ ...init, partBytes: 10 });
    for (const note of notes) one.applyNote(note);
    const other = core(2n);
    other.restore(one.encode());
    expect([other.tip, other.markNumber]).toEqual([one.tip, 1n]);
    expect(other.confirms({ index: 2n, hash: notes[1]!.hash })).toBe(true);
    expect(other.applyNote(notes[3]!).type).toBe("stale");
    for (const bytes of [new Uint8Array(0), one.encode().subarray(1), new Uint8Array(57)]) {
      expect(() => other.restore(bytes)).toThrow("chain.backups");
    }
  });
});
