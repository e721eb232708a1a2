/** A core of a scenario: its clock stands, and stores of its log wait until they are told how they end. */
import type { ClusterConfig } from "../../../codec/gen/raft/index.js";
import { AppliedState } from "../core/applied-state.js";
import { CoreDisk } from "../core/core-disk.js";
import { RaftCore } from "../core/core.js";
import type { RaftMessage } from "../core/messages.js";
import type { RaftCoreOptions } from "../core/options.js";
import type { StateMachine } from "../core/state-machine.js";
import type { CoreEffect, CoreInput, LogStore } from "../core/types.js";
import type { MemberView, Start } from "./form.js";
import type { InjectedSnapshot } from "./message-views.js";

/** Most turns that follow from one: a core that never comes to rest is stuck. */
const TURNS_MAX = 100_000;

/** A state of which a scenario sees nothing. */
const STATELESS: StateMachine = {
  apply: () => new Uint8Array(0),
  snapshot: () => ({ next: () => undefined }),
  restore: () => ({ write: () => {}, finish: () => () => {} }),
};

/** The bytes of a snapshot of that state. */
const SNAPSHOT_BYTES_MAX = 1 << 20;

/** What a core does that others notice. */
export interface Surroundings {
  send(message: RaftMessage): void;
  /** It has raised its first fault. */
  faulted(id: number): void;
}

/** What a core begins with. */
export interface Beginning {
  readonly id: number;
  readonly life: bigint;
  readonly options: RaftCoreOptions;
  /** Undefined for an empty disk. */
  readonly disk?: { readonly start: Start; readonly config: ClusterConfig };
}

/** A core takes turn after turn without end. */
export class StuckCore extends Error {
  override readonly name = "StuckCore";

  constructor(id: number) {
    super(`core ${id} does not come to rest`);
  }
}

/** One core, with the disk that it keeps when it crashes. */
export class ScenarioCore {
  readonly id: number;
  readonly life: bigint;
  readonly #surroundings: Surroundings;
  readonly #disk: CoreDisk;
  #options: RaftCoreOptions;
  #core: RaftCore | undefined;
  #nowMs = 0;
  /** The store of the log that is under way. */
  #store: LogStore | undefined;
  #reads: { readonly tag: string | number; readonly index: number }[] = [];
  /** The calls of reads that wait. */
  readonly #readTags = new Map<number, string | number>();
  #lastTag = 0;
  #isFaulty = false;

  constructor({ id, life, options, disk }: Beginning, surroundings: Surroundings) {
    this.id = id;
    this.life = life;
    this.#options = options;
    this.#surroundings = surroundings;
    this.#disk = disk === undefined ? new CoreDisk() : diskOf(disk.start, disk.config, options);
    this.#build(false);
  }

  get isUp(): boolean {
    return this.#core !== undefined;
  }

  get isStoring(): boolean {
    return this.#store !== undefined;
  }

  /** The newest snapshot on its disk, if it ends at `index`. */
  snapshotAt(index: number): InjectedSnapshot | undefined {
    const { mark } = this.#disk.log;
    const bytes = mark === undefined ? undefined : this.#disk.files.get(mark.key);
    if (mark === undefined || bytes === undefined || mark.last.index !== index) return undefined;
    return { last: mark.last, config: mark.config, bytes };
  }

  /** One turn, and those that follow from it. @returns false if the core has refused */
  take(input: CoreInput): boolean {
    const following: CoreInput[] = [];
    const step = (one: CoreInput): boolean => {
      const effects: CoreEffect[] = [];
      const isTaken = this.#up.step(one, this.#nowMs, effects);
      for (const effect of effects) following.push(...this.#carryOut(effect));
      // What is committed and stored is applied, however much it is.
      if (following.length === 0 && this.#isApplying) following.push({ type: "wake" });
      return isTaken;
    };
    const isTaken = step(input);
    for (let turns = 0; following.length > 0; turns++) {
      if (turns === TURNS_MAX) throw new StuckCore(this.id);
      step(following.shift()!);
    }
    return isTaken;
  }

  /** A call with a tag of its own. */
  call(of: (tag: number) => CoreInput): boolean {
    return this.take(of(++this.#lastTag));
  }

  read(tag: string | number): boolean {
    return this.call((own) => {
      this.#readTags.set(own, tag);
      return { type: "read", tag: own, mode: this.#options.reads ?? "readIndex" };
    });
  }

  /** Lets its clock go on, and what becomes due happen. */
  tick(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (let turns = 0; this.#up.nextWakeMs <= untilMs; turns++) {
      if (turns === TURNS_MAX) throw new StuckCore(this.id);
      this.#nowMs = Math.max(this.#nowMs, this.#up.nextWakeMs);
      this.take({ type: "wake" });
    }
    this.#nowMs = untilMs;
  }

  /** The store under way ends well; false if there is none. */
  store(): boolean {
    const store = this.#store;
    if (store === undefined) return false;
    this.#store = undefined;
    this.#disk.apply(store);
    this.take({ type: "stored" });
    return true;
  }

  /** It ends, and nothing of it is on the disk; false if there is none. */
  fail(): boolean {
    if (this.#store === undefined) return false;
    this.#store = undefined;
    this.take({ type: "storeFailed" });
    return true;
  }

  /** Ends stores until none is under way. */
  settle(): boolean {
    if (!this.isStoring) return false;
    while (this.store());
    return true;
  }

  /** Goes with its memory. @param isStored whether the store under way is on the disk */
  crash(isStored: boolean): void {
    if (isStored && this.#store !== undefined) this.#disk.apply(this.#store);
    this.#store = undefined;
    this.#core = undefined;
  }

  /** Begins again on its disk, with these options changed. */
  restart(options: RaftCoreOptions): void {
    this.#options = { ...this.#options, ...options };
    this.#reads = [];
    this.#readTags.clear();
    this.#isFaulty = false;
    this.#build(true);
  }

  view(): MemberView {
    const view = this.#up.view();
    return { ...view, snapshot: view.snapshot?.[0] === 0 ? null : view.snapshot, reads: [...this.#reads] };
  }

  get #isApplying(): boolean {
    const { applied, commit, stored } = this.#up.view();
    return applied < Math.min(commit, stored) && this.#up.nextWakeMs <= this.#nowMs;
  }

  get #up(): RaftCore {
    if (this.#core === undefined) throw new RangeError(`core ${this.id} is down`);
    return this.#core;
  }

  #build(hold: boolean): void {
    this.#core = new RaftCore(this.#options, {
      member: this.id,
      life: this.life,
      log: this.#disk.log,
      files: new Map([...this.#disk.files].map(([key, bytes]) => [key, bytes.length])),
      applied: this.#disk.restore(STATELESS, this.#options),
      nowMs: this.#nowMs,
      drawElectionMs: (_, hiMs) => hiMs,
      hold,
    });
  }

  /** @returns the inputs that follow at once */
  #carryOut(effect: CoreEffect): CoreInput[] {
    let loaded: Uint8Array | undefined;
    if (this.#disk.carryOut(effect, (bytes) => (loaded = bytes))) {
      if (effect.type === "fileStore") return [{ type: "fileStored", op: effect.op }];
      if (effect.type === "fileLoad") return [{ type: "fileLoaded", op: effect.op, bytes: loaded! }];
      return [];
    }
    switch (effect.type) {
      case "send":
        this.#surroundings.send(effect.message);
        return [];
      case "entriesLoad":
        return [{ type: "entriesLoaded", op: effect.op, entries: this.#disk.entries(effect.first) }];
      case "store":
        if (isOwnSnapshot(effect.store)) {
          this.#disk.apply(effect.store);
          return [{ type: "stored" }];
        }
        this.#store = effect.store;
        return [];
      case "outcome": {
        const tag = this.#readTags.get(effect.tag);
        this.#readTags.delete(effect.tag);
        if (tag !== undefined && effect.status === "ok") this.#reads.push({ tag, index: effect.index });
        return [];
      }
      case "fault":
        if (!this.#isFaulty) this.#surroundings.faulted(this.id);
        this.#isFaulty = true;
        return [];
      default:
        return [];
    }
  }
}

/** What `compact` stores ends at once; the mark of a snapshot that was received does not. */
function isOwnSnapshot({ mark }: LogStore): boolean {
  return mark !== undefined && !mark.dropLog && mark.key.endsWith("-own");
}

function diskOf({ index, term, terms, hardTerm, vote }: Start, config: ClusterConfig, options: RaftCoreOptions) {
  return CoreDisk.withSnapshot({ snapshot: { index, term }, config, terms, hardTerm, vote }, STATELESS, options);
}

/** The bytes of a snapshot of what scenarios replicate. */
export function snapshotBytes(options: RaftCoreOptions): Uint8Array {
  return new AppliedState(STATELESS, options).snapshot().next(SNAPSHOT_BYTES_MAX) ?? new Uint8Array(0);
}
