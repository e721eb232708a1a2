/** Cores driven by hand: messages wait in a pool, stores wait until they are told to end. */
import { MemberRole, type ClusterConfig } from "../../../src/codec/gen/raft/index.js";
import type { BackupHooks } from "../../../src/protocols/raft/core/backup-hooks.js";
import { CoreDisk, type CoreDiskStart } from "../../../src/protocols/raft/core/core-disk.js";
import { RaftCore } from "../../../src/protocols/raft/core/core.js";
import type { RaftMessage } from "../../../src/protocols/raft/core/messages.js";
import type { RaftCoreOptions } from "../../../src/protocols/raft/core/options.js";
import type { StateMachine } from "../../../src/protocols/raft/core/state-machine.js";
import type { CoreEffect, CoreInput, LogStore } from "../../../src/protocols/raft/core/types.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Remembers all commands as text; answers with their number. */
export class ListMachine implements StateMachine {
  items: string[] = [];

  apply({ data }: { readonly data: Uint8Array }): Uint8Array {
    this.items.push(decoder.decode(data));
    return encoder.encode(String(this.items.length));
  }

  snapshot() {
    const bytes = encoder.encode(this.items.join("\n"));
    let at = 0;
    return {
      next: (bytesMax: number) => {
        if (at >= bytes.length) return undefined;
        const part = bytes.slice(at, at + bytesMax);
        at += part.length;
        return part;
      },
    };
  }

  restore() {
    let text = "";
    return {
      write: (bytes: Uint8Array) => {
        text += decoder.decode(bytes);
      },
      finish: () => () => {
        this.items = text === "" ? [] : text.split("\n");
      },
    };
  }
}

export function configOf(voters: readonly number[], learners: readonly number[] = [], lives = true): ClusterConfig {
  const members = [
    ...voters.map((member) => ({ member, role: MemberRole.voter })),
    ...learners.map((member) => ({ member, role: MemberRole.learner })),
  ];
  return {
    electionLoMs: 150,
    electionHiMs: 300,
    driftPermille: 100,
    members: members
      .toSorted((a, b) => a.member - b.member)
      .map((one) => ({ ...one, life: lives ? BigInt(one.member) : 0n, node: new Uint8Array(20), address: "" })),
  };
}

/** One member: its core, its disk and what it has said. */
export class Member {
  readonly cluster: Cluster;
  readonly id: number;
  readonly disk: CoreDisk;
  readonly machine = new ListMachine();
  readonly core: RaftCore;
  store: LogStore | undefined;
  /** A fault is looked for, and no mistake. */
  mayFault = false;
  /** Ends of operations on files that wait, in their order; undefined where each ends at once. */
  heldFiles: CoreInput[] | undefined;
  effects: CoreEffect[] = [];
  nowMs: number;

  constructor(
    cluster: Cluster,
    id: number,
    disk: CoreDisk,
    options: RaftCoreOptions,
    { nowMs = 0, hold = false, life = BigInt(id) } = {},
    backups?: BackupHooks,
  ) {
    this.cluster = cluster;
    this.id = id;
    this.disk = disk;
    this.nowMs = nowMs;
    const applied = disk.restore(this.machine, options, backups);
    const files = new Map([...disk.files].map(([key, bytes]) => [key, bytes.length]));
    const drawElectionMs = (_lo: number, hi: number): number => hi;
    this.core = new RaftCore(options, { member: id, life, log: disk.log, files, applied, nowMs, drawElectionMs, hold });
  }

  /** One turn; operations on files end at once, each in a turn of its own, unless they are held. */
  step(input: CoreInput): boolean {
    const out: CoreEffect[] = [];
    const isTaken = this.core.step(input, this.nowMs, out);
    this.effects.push(...out);
    const files: CoreInput[] = [];
    for (const effect of out) {
      if (effect.type === "send") this.cluster.pool.push(effect.message);
      else if (effect.type === "store") {
        if (this.store !== undefined) throw new Error("two stores under way");
        this.store = effect.store;
      } else if (effect.type === "fault") {
        if (!this.mayFault) throw new Error(`fault ${effect.code}: ${effect.detail}`);
      } else if (effect.type === "entriesLoad") {
        files.push({ type: "entriesLoaded", op: effect.op, entries: this.disk.entries(effect.first) });
      } else {
        const isFile = this.disk.carryOut(effect, (bytes) =>
          files.push({ type: "fileLoaded", op: (effect as { op: number }).op, bytes }),
        );
        if (isFile && effect.type === "fileStore") files.push({ type: "fileStored", op: effect.op });
      }
    }
    if (this.heldFiles !== undefined) this.heldFiles.push(...files);
    else for (const file of files) this.step(file);
    return isTaken;
  }

  /** The store under way ends. */
  stored(): void {
    const { store } = this;
    if (store === undefined) throw new Error("no store under way");
    this.store = undefined;
    this.disk.apply(store);
    this.step({ type: "stored" });
  }

  failed(isFull = false): void {
    this.store = undefined;
    this.step({ type: "storeFailed", ...(isFull && { isFull }) });
  }

  settle(): boolean {
    let stores = 0;
    for (; this.store !== undefined; stores++) {
      if (stores === 1_000) throw new Error("no end of stores");
      this.stored();
    }
    return stores > 0;
  }

  propose(data: string, tag = 0): boolean {
    const command = { type: "command", client: 0, serial: 0, ackedBelow: 0, data: encoder.encode(data) } as const;
    return this.step({ type: "propose", tag, proposal: command });
  }

  /** Time passes; wakes come when they are due. */
  tick(ms: number): void {
    const untilMs = this.nowMs + ms;
    for (let dueMs = this.core.nextWakeMs; dueMs <= untilMs; dueMs = this.core.nextWakeMs) {
      this.nowMs = Math.max(this.nowMs, dueMs);
      this.step({ type: "wake" });
    }
    this.nowMs = untilMs;
  }

  outcomes(tag: number): { status: string; index: number; result: string }[] {
    return this.effects
      .filter((effect) => effect.type === "outcome")
      .filter((effect) => effect.tag === tag)
      .map(({ status, index, result }) => ({ status, index, result: decoder.decode(result) }));
  }

  events(type: string): unknown[] {
    return this.effects
      .filter((effect) => effect.type === "emit")
      .map(({ event }) => event)
      .filter((event) => event.type === type);
  }
}

/** Members that send each other messages through one pool. */
export class Cluster {
  readonly members = new Map<number, Member>();
  readonly options: RaftCoreOptions;
  pool: RaftMessage[] = [];
  cut: (message: RaftMessage) => boolean = () => false;
  readonly #backups: ((id: number) => BackupHooks) | undefined;

  constructor(
    voters: readonly number[],
    options: RaftCoreOptions = {},
    start: Partial<CoreDiskStart> = {},
    learners: readonly number[] = [],
    backups?: (id: number) => BackupHooks,
  ) {
    this.options = options;
    this.#backups = backups;
    const config = configOf(voters, learners);
    for (const id of [...voters, ...learners]) {
      const disk = CoreDisk.withSnapshot(
        { snapshot: { index: 10, term: 1 }, config, ...start },
        new ListMachine(),
        options,
      );
      this.add(id, disk, options);
    }
  }

  at(id: number): Member {
    return this.members.get(id)!;
  }

  add(id: number, disk = new CoreDisk(), options = this.options, rest = {}): Member {
    const member = new Member(this, id, disk, options, rest, this.#backups?.(id));
    this.members.set(id, member);
    return member;
  }

  /** A crash: memory and the store under way are lost. */
  restart(id: number, options = this.options, life = BigInt(id)): Member {
    const { disk, nowMs } = this.at(id);
    return this.add(id, disk, options, { nowMs, hold: true, life });
  }

  /** Delivers what waits and fits. */
  deliver(fits: (message: RaftMessage) => boolean = () => true): number {
    const now = this.pool.filter(fits);
    this.pool = this.pool.filter((message) => !fits(message));
    for (const message of now) if (!this.cut(message)) this.members.get(message.to)?.step({ type: "deliver", message });
    return now.length;
  }

  /** Stores end and messages arrive until nothing happens. */
  stabilize(...ids: number[]): void {
    const some = ids.length === 0 ? [...this.members.keys()].toSorted((a, b) => a - b) : ids;
    for (let round = 0; round < 1_000; round++) {
      let any = false;
      for (const id of some) any = this.at(id).settle() || any;
      for (const id of some) any = this.deliver(({ to }) => to === id) > 0 || any;
      if (!any) return;
    }
    throw new Error("no end of messages");
  }

  /** The time of a heartbeat passes, and all that follows. */
  beat(leader: Member): void {
    leader.tick(50);
    this.stabilize();
  }

  /**
   * Cuts a member off while its leader goes on by twenty entries and takes a snapshot, as call 99, that drops all of
   * them up to `through`: the log alone no longer brings that member up to date.
   */
  outrun(id: number, leader: Member, through: number): void {
    this.cut = ({ to }) => to === id;
    for (let i = 0; i < 20; i++) leader.propose(`entry ${i}`, i + 1);
    this.stabilize();
    leader.step({ type: "snapshot", tag: 99, through });
    this.stabilize();
    this.cut = () => false;
  }

  /** Elects a member. */
  elect(id: number): Member {
    this.at(id).step({ type: "campaign" });
    this.stabilize();
    return this.at(id);
  }
}
