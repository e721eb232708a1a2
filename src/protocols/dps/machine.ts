/** A DPS server as a machine: a member of Raft, a server of the DHT and a chain, at one address. */
import { concatBytes, own } from "../../bytes/index.js";
import type { Result, WireIssue } from "../../errors.js";
import {
  countDown,
  DeadlineHeap,
  fraction,
  type CallId,
  type Effect,
  type Env,
  type Event,
  type LinkId,
  type Machine,
  type Millis,
} from "../../machine/index.js";
import { BackupScheduler, ChainMachine, genesisBlock, gobHashing, keysUnder, type ChainEvent } from "../chain/index.js";
import { DhtMachine, type DhtCall, type DhtEvent, type DhtOutcome } from "../dht/index.js";
import { RaftMachine, type RaftCall, type RaftEvent } from "../raft/index.js";
import { ChainBackups } from "./backup/chain-backups.js";
import { ChainKeeper } from "./backup/chain-keeper.js";
import { Commands } from "./commands.js";
import { FileState } from "./files/file-state.js";
import { commandsOf } from "./files/records.js";
import { FIRST_BYTES_MAX, protocolOf, type LinkProtocol } from "./first-message.js";
import { MachineGroup } from "./machine-group.js";
import { rulesOf, type DpsMachineOptions, type DpsRules } from "./options.js";
import { Repair } from "./repair.js";
import { aboutServer } from "./server/counters.js";
import type { DpsCall, DpsCounters, DpsEvent, DpsMachineStatus, DpsOutcome } from "./types.js";

/** Effects of a server. */
export type DpsEffect = Effect<DpsOutcome, DpsEvent>;

type CallEvent = Extract<Event<DpsCall>, { readonly type: "call" }>;
type Opened = Extract<Event, { readonly type: "opened" }>;
type Done = (outcome: Result<unknown>) => void;

/** The machines of the group, by what their links are for. */
const SLOTS: Readonly<Record<LinkProtocol, number>> = { raft: 0, dht: 1, chain: 2 };
const PARTS = ["raft", "dht", "chain"] as const;
/** Links whose first message has not come; the oldest is closed beyond it. */
const UNDECIDED_MAX = 256;
/** Time between looks at what has expired, while this server leads. */
const TICK_MS = 1_000;
const EXPIRE_TIMEOUT_MS = 10_000;
const BACKUP_TIMEOUT_MS = 10_000;
/** Bytes of an entry where the options of Raft do not say it. */
const ENTRY_BYTES_MAX = 1 << 20;
/** Keys of chunks that one backup names. */
const BACKUP_KEYS_ALL = 1 << 18;

/** A link of a peer that has not said its protocol. */
interface Undecided {
  readonly opened: Opened;
  bytes: Uint8Array;
}

/**
 * One server. The first message of a link says whose it is: heartbeats do not wait behind chunks. Datagrams are the
 * DHT's.
 */
export class DpsMachine implements Machine<DpsCall, DpsOutcome, DpsEvent> {
  /** A peer may close its sending half and still read. */
  readonly halfOpen = true;
  readonly counters: DpsCounters = newCounters();
  readonly #rules: DpsRules;
  readonly #state: FileState;
  readonly #raft: RaftMachine;
  readonly #dht: DhtMachine;
  readonly #chain: ChainMachine;
  readonly #group: MachineGroup<DpsEffect>;
  readonly #backups: ChainBackups;
  readonly #keeper: ChainKeeper;
  readonly #scheduler: BackupScheduler;
  readonly #commands: Commands;
  readonly #repair: Repair;
  readonly #undecided = new Map<LinkId, Undecided>();
  readonly #firstTimes = new DeadlineHeap<LinkId>();
  /** Own calls of the parts. */
  readonly #done = new Map<CallId, Done>();
  readonly #nextCall = countDown();
  /** Calls that no part has, with what gives each up. */
  readonly #calls = new Map<CallId, () => void>();
  readonly #deadlines = new DeadlineHeap<CallId>();
  #tickMs: Millis = -Infinity;
  #isExpiring = false;
  /** Changes of records up to the newest mark. */
  #markChanges = 0;
  #isStopped = false;
  #nowMs: Millis = 0;
  #out: DpsEffect[] = [];

  /** @throws WireError `argument` for an invalid option */
  constructor(options: DpsMachineOptions, env: Env) {
    const rules = rulesOf(options);
    this.#rules = rules;
    const { framing } = rules;
    this.#state = new FileState(options.files);
    this.#backups = this.#newBackups(options, env);
    this.#raft = new RaftMachine({ ...options.raft, framing }, env, this.#state, this.#backups);
    // Here, so that a machine that is built again from a trace answers the same.
    this.#raft.aboutServer = () => aboutServer(this);
    // Chunks outlive a time for which all servers are down: then the leader renews those of records.
    const graceSeconds = Math.ceil(rules.chunkTtlSeconds / 2);
    this.#dht = new DhtMachine({ graceSeconds, ...options.dht, framing }, env);
    this.#chain = new ChainMachine({ ...options.chain, framing }, env, {
      confirms: (block) => this.#backups.confirms(block),
      ...(options.key && { keysOf: (block) => keysUnder(options.key!, block) }),
    });
    this.#scheduler = new BackupScheduler(rules, () => fraction(env.random(4)));
    this.#keeper = new ChainKeeper(
      {
        chain: (request, deadlineMs, done) => this.#ask("chain", request, deadlineMs, done as Done),
        stored: (blockIndex) => this.#raft.blockStored(blockIndex),
        others: () => this.#others(),
        backups: () => this.#backups,
      },
      this.counters,
    );
    this.#group = new MachineGroup<DpsEffect>([this.#raft, this.#dht, this.#chain], {
      settled: (_slot, effect, _nowMs, out) => this.#settled(effect, out),
      emitted: (slot, event, _nowMs, out) => this.#emitted(slot, event, out),
    });
    this.#commands = new Commands({
      propose: (call, deadlineMs, done) => this.#ask("raft", call, deadlineMs, done as Done),
    });
    const port = {
      dht: (request: DhtCall, deadlineMs: Millis, done: (outcome: Result<DhtOutcome>) => void) =>
        this.#ask("dht", request, deadlineMs, done as Done),
      emit: (event: DpsEvent) => void this.#out.push({ type: "emit", event }),
      nowMs: () => this.#nowMs,
      clockMs: () => this.#clockMs(),
    };
    this.#repair = new Repair(rules, this.#state, port, this.counters, 0);
  }

  /** The records, as this server knows them. */
  get state(): FileState {
    return this.#state;
  }

  get raft(): RaftMachine {
    return this.#raft;
  }

  get dht(): DhtMachine {
    return this.#dht;
  }

  get chain(): ChainMachine {
    return this.#chain;
  }

  nextWakeMs(): Millis {
    const upkeepMs = this.#isStopped ? Infinity : Math.min(this.#tickMs, this.#repair.nextMs, this.#keeper.nextMs);
    return Math.min(this.#group.nextWakeMs(), this.#firstTimes.nextMs, this.#deadlines.nextMs, upkeepMs);
  }

  step(event: Event<DpsCall>, nowMs: Millis, out: DpsEffect[]): void {
    this.#nowMs = nowMs;
    this.#out = out;
    switch (event.type) {
      case "call":
        this.#call(event);
        break;
      case "cancel":
        this.#cancel(event.id);
        break;
      case "opened":
        if (event.link > 0) this.#opened(event);
        else this.#group.route(event, nowMs, out);
        break;
      case "datagram":
        this.#group.step(SLOTS.dht, event, nowMs, out);
        break;
      case "wake":
        this.#wake();
        break;
      case "stop":
        this.#stop();
        break;
      default:
        if (!("link" in event) || !this.#isUndecided(event)) this.#group.route(event, nowMs, out);
    }
    if (this.#isStopped) return;
    if (this.#repair.isReady) this.#repair.wake(nowMs);
    this.#keeper.advance(nowMs);
  }

  #wake(): void {
    const nowMs = this.#nowMs;
    this.#group.wake(nowMs, this.#out);
    for (let due = this.#firstTimes.popDue(nowMs); due !== undefined; due = this.#firstTimes.popDue(nowMs)) {
      this.counters.undecidedLinks++;
      this.#refuse(due);
    }
    for (let due = this.#deadlines.popDue(nowMs); due !== undefined; due = this.#deadlines.popDue(nowMs)) {
      this.#giveUp(due, "timeout");
    }
    if (this.#isStopped) return;
    if (this.#tickMs <= nowMs) {
      this.#tickMs = nowMs + TICK_MS;
      this.#expire();
      this.#backUp();
    }
    if (this.#repair.nextMs <= nowMs) this.#repair.wake(nowMs);
  }

  #stop(): void {
    this.#isStopped = true;
    for (const link of this.#undecided.keys()) this.#refuse(link);
    for (const id of this.#calls.keys()) this.#giveUp(id, "cancelled");
    for (const slot of PARTS.keys()) this.#group.step(slot, { type: "stop" }, this.#nowMs, this.#out);
  }

  // Links

  #opened(event: Opened): void {
    const { link, peer, identity } = event;
    if (this.#isStopped) return void this.#out.push({ type: "shut", link });
    if (this.#undecided.size >= UNDECIDED_MAX) {
      const [oldest] = this.#undecided.keys();
      this.counters.undecidedLinks++;
      this.#refuse(oldest!);
    }
    const opened: Opened = { type: "opened", link, peer, ...(identity !== undefined && { identity }) };
    this.#undecided.set(link, { opened, bytes: new Uint8Array(0) });
    this.#firstTimes.set(link, this.#nowMs + this.#rules.firstMessageMs);
  }

  /** Takes the event of a link whose protocol is not known. @returns false for one of another link */
  #isUndecided(event: Extract<Event, { readonly link: LinkId }>): boolean {
    const { link } = event;
    const undecided = this.#undecided.get(link);
    if (undecided === undefined) return false;
    if (event.type === "closed") this.#forget(link);
    else if (event.type === "ended") this.#refuse(link);
    else if (event.type === "bytes") {
      undecided.bytes = concatBytes(undecided.bytes, event.bytes);
      this.#decide(link, undecided);
    }
    return true;
  }

  #decide(link: LinkId, { opened, bytes }: Undecided): void {
    const protocol = protocolOf(bytes, this.#rules.framing);
    if (protocol === undefined && bytes.length < FIRST_BYTES_MAX) return;
    this.#forget(link);
    this.#group.assign(link, SLOTS[protocol ?? "dht"]);
    this.#group.route(opened, this.#nowMs, this.#out);
    this.#group.route({ type: "bytes", link, bytes }, this.#nowMs, this.#out);
  }

  #refuse(link: LinkId): void {
    this.#forget(link);
    this.#out.push({ type: "shut", link });
  }

  #forget(link: LinkId): void {
    this.#undecided.delete(link);
    this.#firstTimes.delete(link);
  }

  // Calls

  #call({ id, request, deadlineMs }: CallEvent): void {
    switch (request.type) {
      case "raft":
      case "dht":
      case "chain":
        return this.#group.call(SLOTS[request.type], id, request.request, deadlineMs, this.#nowMs, this.#out);
      case "command":
        return this.#command(id, request.data, deadlineMs);
      case "repair":
        return this.#lookAtAll(id, deadlineMs);
      case "status":
        return this.#settle(id, { ok: true, value: { type: "dpsStatus", status: this.#status() } });
      default:
        // Callers without types may ask for anything.
        return this.#settle(id, { ok: false, error: issueOf("argument") });
    }
  }

  #command(id: CallId, data: unknown, deadlineMs: Millis): void {
    if (!(data instanceof Uint8Array)) return this.#settle(id, { ok: false, error: issueOf("argument") });
    // It may settle at once.
    let giveUp = (): void => {};
    this.#await(id, deadlineMs, () => giveUp());
    giveUp = this.#commands.start(data, deadlineMs, (outcome) => {
      if (!this.#calls.delete(id)) return;
      this.#deadlines.delete(id);
      if (outcome.ok) this.counters.commands++;
      this.#settle(id, outcome);
    });
  }

  #lookAtAll(id: CallId, deadlineMs: Millis): void {
    const leadsNot = { ok: false, error: { ...issueOf("status"), actual: "another member leads" } } as const;
    if (this.#clockMs() === undefined) return this.#settle(id, leadsNot);
    this.#await(id, deadlineMs, () => {});
    this.#repair.begin((result) => {
      if (!this.#calls.delete(id)) return;
      this.#deadlines.delete(id);
      this.#settle(id, result === undefined ? leadsNot : { ok: true, value: { type: "repaired", ...result } });
    }, this.#nowMs);
  }

  #await(id: CallId, deadlineMs: Millis, giveUp: () => void): void {
    this.#calls.set(id, giveUp);
    this.#deadlines.set(id, deadlineMs);
  }

  #cancel(id: CallId): void {
    if (this.#calls.has(id)) return this.#giveUp(id, "cancelled");
    for (const slot of PARTS.keys()) this.#group.step(slot, { type: "cancel", id }, this.#nowMs, this.#out);
  }

  #giveUp(id: CallId, code: "timeout" | "cancelled"): void {
    const giveUp = this.#calls.get(id);
    this.#calls.delete(id);
    this.#deadlines.delete(id);
    if (giveUp !== undefined) this.#settle(id, { ok: false, error: issueOf(code) });
    giveUp?.();
  }

  #settle(id: CallId, outcome: Result<DpsOutcome>): void {
    if (outcome.ok) this.#out.push({ type: "settle", id, value: outcome.value });
    else this.#out.push({ type: "settle", id, error: outcome.error });
  }

  // The parts

  /** Asks a part. */
  #ask(part: LinkProtocol, request: unknown, deadlineMs: Millis, done: Done): void {
    const id = this.#nextCall();
    this.#done.set(id, done);
    this.#group.call(SLOTS[part], id, request, deadlineMs, this.#nowMs, this.#out);
  }

  #settled(effect: Extract<Effect, { readonly type: "settle" }>, out: DpsEffect[]): void {
    const { id } = effect;
    if (id > 0) return void out.push(effect as DpsEffect);
    const done = this.#done.get(id);
    this.#done.delete(id);
    done?.("error" in effect ? { ok: false, error: effect.error } : { ok: true, value: effect.value });
  }

  #emitted(slot: number, event: unknown, out: DpsEffect[]): void {
    const part = PARTS[slot]!;
    if (part === "raft") this.#raftEmitted(event as RaftEvent, out);
    else if (part === "dht") out.push({ type: "emit", event: { type: "dht", event: event as DhtEvent } });
    else out.push({ type: "emit", event: { type: "chain", event: event as ChainEvent } });
  }

  #raftEmitted(event: RaftEvent, out: DpsEffect[]): void {
    out.push({ type: "emit", event: { type: "raft", event } });
    switch (event.type) {
      case "started": {
        // The member may now know of blocks that were stored before it.
        const { height } = this.#keeper;
        if (height !== undefined) this.#raft.blockStored(Number(height));
        return;
      }
      case "role":
        if (event.role === "Leader") this.#scheduler.lead(this.#nowMs, BigInt(this.#markChanges));
        else this.#scheduler.follow();
        return;
      case "backupMarked":
        this.#markChanges = this.#state.changes;
        return;
      case "backupNoted":
        if (event.isLast && this.#clockMs() !== undefined) this.counters.backups++;
    }
  }

  /** Addresses of the other members. */
  #others(): readonly string[] {
    const { member, config } = this.#raft.core?.state ?? {};
    const others = config?.members.filter((one) => one.member !== member && one.address !== "") ?? [];
    return others.map(({ address }) => address);
  }

  // Backups

  #newBackups({ raft, chain, key }: DpsMachineOptions, env: Env): ChainBackups {
    const { hashing = gobHashing() } = chain.genesis ?? {};
    const genesis = genesisBlock({ ...chain.genesis, hashing });
    const about = { member: BigInt(raft.member), cluster: raft.clusterId, hashing, genesis };
    return new ChainBackups(
      { ...about, ...(key && { key }) },
      {
        unixNs: () => env.unixNs(),
        random: (n) => env.random(n),
        keys: () => [...this.#state.chunkKeys(BACKUP_KEYS_ALL)],
        entryBytesMax: raft.entryBytesMax ?? ENTRY_BYTES_MAX,
        noted: (built) => this.#keeper.noted(built),
      },
    );
  }

  /** Begins a backup that is due; what becomes of it is told by events. */
  #backUp(): void {
    if (!this.#scheduler.isDue(this.#nowMs, BigInt(this.#state.changes))) return;
    this.#ask("raft", { type: "backup" }, this.#nowMs + BACKUP_TIMEOUT_MS, () => {});
  }

  // What a leader does

  /** The clock of the cluster, if this server leads. */
  #clockMs(): number | undefined {
    const lead = this.#raft.core?.state.lead;
    return lead === undefined ? undefined : lead.clockAtMs + (this.#nowMs - lead.clockNowMs);
  }

  /** Lets the clock of the log pass where something has expired: no other command may come. */
  #expire(): void {
    const clockMs = this.#clockMs();
    if (clockMs === undefined || this.#isExpiring || this.#state.size.nextExpiryMs > clockMs) return;
    this.#isExpiring = true;
    const [data] = commandsOf({ op: "expire" }, Infinity);
    const call: RaftCall = { type: "propose", data: data! };
    this.#ask("raft", call, this.#nowMs + EXPIRE_TIMEOUT_MS, () => (this.#isExpiring = false));
  }

  #status(): DpsMachineStatus {
    const { files, bytes } = this.#state.size;
    const core = this.#dht.core;
    this.counters.proposals = this.#commands.proposals;
    const dht = core && {
      ...core.stats,
      refused: { ...core.stats.refused },
      contacts: core.table.size,
      values: core.holder.size,
      bytes: core.holder.bytes,
    };
    const chain = this.#chain.chain;
    return {
      raft: this.#raft.status(),
      dht,
      chain: {
        height: BigInt(chain.count - 1),
        tip: chain.tip === undefined ? new Uint8Array(0) : own(chain.tip.hash),
        hashing: chain.hashing,
        bytes: chain.bytes,
        ...(chain.damage && { damage: chain.damage }),
      },
      files,
      stateBytes: bytes,
      clockMs: this.#state.atMs,
      counters: { ...this.counters },
    };
  }
}

function newCounters(): DpsCounters {
  return {
    countedChunks: 0,
    uncountedChunks: 0,
    repairedChunks: 0,
    lostChunks: 0,
    commands: 0,
    proposals: 0,
    undecidedLinks: 0,
    backups: 0,
    blocks: 0,
    fetchedBlocks: 0,
  };
}

function issueOf(code: WireIssue["code"]): WireIssue {
  return { code, format: "dps", path: "" };
}
