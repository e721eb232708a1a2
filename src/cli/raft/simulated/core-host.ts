/** A core on a simulated host: a disk that is slow, full or failing, a clock that drifts, crashes and pauses. */
import type { Millis } from "../../../machine/index.js";
import type { AppliedState } from "../../../protocols/raft/core/applied-state.js";
import { CoreDisk } from "../../../protocols/raft/core/core-disk.js";
import { RaftCore } from "../../../protocols/raft/core/core.js";
import type { RaftMessage } from "../../../protocols/raft/core/messages.js";
import { rulesOf, type RaftCoreOptions, type RaftRules } from "../../../protocols/raft/core/options.js";
import type { CoreEffect, CoreInput, CoreView, LogStore } from "../../../protocols/raft/core/types.js";
import type { MessageNetwork, Random } from "../../../testing/index.js";
import { ChainBackups } from "./chain-backups.js";
import { RegisterMachine, type Execution } from "./registers.js";

/** What hosts suffer. */
export interface HostFaults {
  /** Delay of a store: 0 to this. */
  readonly storeMsMax: Millis;
  /** Of a store that fails. */
  readonly failRate: number;
  /** Of a crash right after a vote, an acknowledgement or a proposal has left. */
  readonly aimedCrashRate: number;
  /** Of a store under way that a crash does not lose. */
  readonly keptRate: number;
  readonly downMsMax: Millis;
  /** How far the rate of a clock is from 1. */
  readonly driftMax: number;
}

/** Who looks at everything that a host does. */
export interface HostWatch {
  /** Before a message leaves. */
  sent(host: CoreHost, message: RaftMessage): void;
  /** Before a store is on the disk. */
  stored(host: CoreHost, store: LogStore): void;
  /** After a turn. */
  stepped(host: CoreHost, view: CoreView, effects: readonly CoreEffect[]): void;
  /** After a core was built on its disk. */
  started(host: CoreHost, view: CoreView): void;
  /** An operation was executed; `isRepeated` if it had been before. */
  executed(host: CoreHost, execution: Execution, isRepeated: boolean): void;
}

/** How a call ended. */
export type Outcome = Extract<CoreEffect, { type: "outcome" }> | { readonly type: "gone" };

/** A host with one core. */
export class CoreHost {
  readonly id: number;
  readonly name: string;
  readonly life: bigint;
  readonly disk = new CoreDisk();
  readonly rate: number;
  readonly options: RaftCoreOptions;
  /** The options with their defaults. */
  readonly rules: RaftRules;
  machine = new RegisterMachine();
  applied: AppliedState | undefined;
  /** Where its cluster has a chain. */
  backups: ChainBackups | undefined;
  /** Blocks of the chain that its disk has, which no crash takes. */
  #blocks = 0;
  readonly #hasChain: boolean;
  /** The latest view, also after a crash. */
  view: CoreView | undefined;
  /** Time until which stores fail. */
  fullUntilMs = 0;
  /** A snapshot was asked for since the last own one: by a call, or by a disk without room. */
  isSnapshotAsked = false;
  faults: HostFaults;
  readonly #network: MessageNetwork<RaftMessage>;
  readonly #watch: HostWatch;
  readonly #random: Random;
  #core: RaftCore | undefined;
  /** Rises with each crash: what was asked for before it does not end. */
  #epoch = 0;
  #store: LogStore | undefined;
  /** Operations on files in their order. */
  #files: CoreEffect[] = [];
  #cancelWake: () => void = () => {};
  #wakeMs = Infinity;
  #pausedUntilMs = 0;
  #held: (() => void)[] = [];
  readonly #calls = new Map<number, (outcome: Outcome) => void>();
  #lastTag = 0;
  #isCrashing = false;

  constructor(
    id: number,
    options: RaftCoreOptions,
    faults: HostFaults,
    network: MessageNetwork<RaftMessage>,
    watch: HostWatch,
    random: Random,
    hasChain = false,
  ) {
    this.id = id;
    this.name = String(id);
    this.life = BigInt(id);
    this.options = options;
    this.rules = rulesOf(options);
    this.faults = faults;
    this.#network = network;
    this.#watch = watch;
    this.#random = random;
    this.#hasChain = hasChain;
    this.rate = 1 + (2 * random.unit() - 1) * faults.driftMax;
  }

  get isUp(): boolean {
    return this.#core !== undefined;
  }

  get isPaused(): boolean {
    return this.#network.nowMs < this.#pausedUntilMs;
  }

  /** What its own clock says. */
  get nowMs(): Millis {
    return this.#network.nowMs * this.rate;
  }

  /** Calls of this life that have no answer yet. */
  get openCalls(): number {
    return this.#calls.size;
  }

  /** Builds its core on what its disk has. */
  start(): void {
    this.isSnapshotAsked = false;
    this.machine = new RegisterMachine((execution, isRepeated) => this.#watch.executed(this, execution, isRepeated));
    const random = (n: number): Uint8Array => this.#random.bytes(n);
    this.backups = this.#hasChain ? new ChainBackups(this.id, { partBytes: 100, random }) : undefined;
    this.applied = this.disk.restore(this.machine, this.options, this.backups);
    this.#core = new RaftCore(this.options, {
      member: this.id,
      life: this.life,
      log: this.disk.log,
      files: new Map([...this.disk.files].map(([key, bytes]) => [key, bytes.length])),
      applied: this.applied,
      nowMs: this.nowMs,
      drawElectionMs: (loMs, hiMs) => this.#random.between(loMs, hiMs),
    });
    this.#network.add(this.name, (message) => this.#deliver(() => this.step({ type: "deliver", message })));
    this.view = this.#core.view();
    this.#watch.started(this, this.view);
    this.#core.take({ type: "blockStored", blockIndex: this.#blocks }, this.nowMs);
    this.#scheduleWake();
  }

  /** Ends at once, with its memory; a drawn part of what its disk has not finished takes effect. */
  crash(): void {
    if (this.#core === undefined) return;
    this.#epoch++;
    this.#network.remove(this.name);
    this.#core = undefined;
    this.#cancelWake();
    this.#wakeMs = Infinity;
    this.#held = [];
    this.#pausedUntilMs = 0;
    if (this.#store !== undefined && this.#random.chance(this.faults.keptRate)) this.#put(this.#store);
    this.#store = undefined;
    for (const effect of this.#files) {
      if (!this.#random.chance(this.faults.keptRate)) break;
      this.disk.carryOut(effect, () => {});
    }
    this.#files = [];
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    for (const settle of calls) settle({ type: "gone" });
  }

  /** Holds every event for so long. */
  pause(ms: Millis): void {
    if (!this.isUp) return;
    const epoch = this.#epoch;
    this.#pausedUntilMs = this.#network.nowMs + ms;
    this.#network.after(ms, () => {
      if (epoch !== this.#epoch || this.isPaused) return;
      const held = this.#held;
      this.#held = [];
      for (const action of held) if (epoch === this.#epoch) action();
    });
  }

  /** Calls the core. `settle` is told once how it ended. */
  call(of: (tag: number) => CoreInput, settle: (outcome: Outcome) => void): void {
    if (!this.isUp) return settle({ type: "gone" });
    const tag = ++this.#lastTag;
    this.#calls.set(tag, settle);
    this.#deliver(() => this.step(of(tag)));
  }

  /** One turn. */
  step(input: CoreInput): void {
    const core = this.#core!;
    const effects: CoreEffect[] = [];
    this.isSnapshotAsked ||= input.type === "snapshot" || (input.type === "storeFailed" && input.isFull === true);
    core.step(input, this.nowMs, effects);
    this.view = core.view();
    this.#watch.stepped(this, this.view, effects);
    let hasPromised = false;
    for (const effect of effects) {
      if (effect.type === "send") {
        this.#watch.sent(this, effect.message);
        this.#network.send(this.name, String(effect.message.to), effect.message);
        hasPromised ||= isPromise(effect.message);
      } else this.#carryOut(effect);
    }
    for (const effect of effects) if (effect.type === "outcome") this.#settle(effect);
    if (hasPromised && this.#random.chance(this.faults.aimedCrashRate)) this.crashFor(this.faults.downMsMax);
    if (this.isUp) this.#scheduleWake();
    if (effects.some((effect) => effect.type === "emit" && effect.event.type === "backupNoted")) this.#storeBlocks();
  }

  /** The chain is another file: its blocks are stored some time later. */
  #storeBlocks(): void {
    this.#later(this.#delay(), () => {
      this.#blocks = this.backups!.head.tipIndex;
      this.step({ type: "blockStored", blockIndex: this.#blocks });
    });
  }

  /** Crashes once this turn is over, and starts again later. */
  crashFor(msMax: Millis): void {
    if (!this.isUp || this.#isCrashing) return;
    this.#isCrashing = true;
    const epoch = this.#epoch;
    this.#network.after(0, () => {
      this.#isCrashing = false;
      if (epoch !== this.#epoch) return;
      this.crash();
      this.#network.after(this.#random.between(0, Math.floor(msMax)), () => {
        if (!this.isUp && epoch + 1 === this.#epoch) this.start();
      });
    });
  }

  #settle(outcome: Extract<CoreEffect, { type: "outcome" }>): void {
    const settle = this.#calls.get(outcome.tag);
    if (settle === undefined) throw new Error(`${this.name} settled call ${outcome.tag} twice`);
    this.#calls.delete(outcome.tag);
    settle(outcome);
  }

  /** An event, now or at the end of a pause. */
  #deliver(action: () => void): void {
    if (!this.isUp) return;
    if (this.isPaused) this.#held.push(action);
    else action();
  }

  /** An event of this life, later. */
  #later(ms: Millis, action: () => void): void {
    const epoch = this.#epoch;
    this.#network.after(ms, () => {
      if (epoch === this.#epoch) this.#deliver(action);
    });
  }

  #scheduleWake(): void {
    const wakeMs = this.#core!.nextWakeMs;
    if (wakeMs === this.#wakeMs) return;
    this.#cancelWake();
    this.#wakeMs = wakeMs;
    if (wakeMs === Infinity) return;
    const epoch = this.#epoch;
    // A little later, so that rounding of the rate does not wake it too early, again and again.
    const delayMs = wakeMs <= this.nowMs ? 0 : wakeMs / this.rate - this.#network.nowMs + 1e-6;
    this.#cancelWake = this.#network.after(delayMs, () => {
      if (epoch !== this.#epoch) return;
      this.#wakeMs = Infinity;
      this.#deliver(() => this.step({ type: "wake" }));
    });
  }

  #carryOut(effect: CoreEffect): void {
    switch (effect.type) {
      case "store":
        if (this.#store !== undefined) throw new Error(`${this.name} has two stores of the log under way`);
        this.#store = effect.store;
        this.#endStoreLater(effect.store);
        return;
      case "fileStore":
      case "fileLoad":
      case "fileRemove":
      case "entriesLoad":
        this.#files.push(effect);
        if (this.#files.length === 1) this.#workOnFiles();
        return;
      case "trim":
        this.disk.carryOut(effect, () => {});
        return;
      case "fault":
        throw new Error(`${this.name} faults: ${effect.code} ${effect.detail}`);
      default:
        return;
    }
  }

  #endStoreLater(store: LogStore): void {
    const epoch = this.#epoch;
    this.#network.after(this.#delay(), () => {
      if (epoch !== this.#epoch) return;
      const isFull = this.#network.nowMs < this.fullUntilMs;
      const isFailed = isFull || this.#random.chance(this.faults.failRate);
      this.#store = undefined;
      if (!isFailed) this.#put(store);
      this.#deliver(() => this.step(isFailed ? { type: "storeFailed", isFull } : { type: "stored" }));
    });
  }

  #put(store: LogStore): void {
    this.#watch.stored(this, store);
    this.disk.apply(store);
    // One of the leader leaves the wish for an own one.
    if (store.mark?.dropLog === false) this.isSnapshotAsked = false;
  }

  /** Ends operations on files one by one, in their order. */
  #workOnFiles(): void {
    this.#later(this.#delay(), () => {
      const effect = this.#files.shift()!;
      if (this.#files.length > 0) this.#workOnFiles();
      const isFailed = effect.type !== "fileRemove" && this.#random.chance(this.faults.failRate);
      if (effect.type === "entriesLoad") {
        const entries = isFailed ? undefined : this.disk.entries(effect.first);
        return this.step({ type: "entriesLoaded", op: effect.op, entries });
      }
      let bytes = new Uint8Array(0);
      if (!isFailed) this.disk.carryOut(effect, (loaded) => (bytes = loaded.slice()));
      if (effect.type === "fileRemove") return;
      const { op } = effect as { op: number };
      if (isFailed) this.step({ type: "fileFailed", op });
      else this.step(effect.type === "fileLoad" ? { type: "fileLoaded", op, bytes } : { type: "fileStored", op });
    });
  }

  #delay(): Millis {
    return this.#random.between(0, Math.floor(this.faults.storeMsMax));
  }
}

/** Whether a message promises what a crash could break. */
function isPromise(message: RaftMessage): boolean {
  switch (message.kind) {
    case "voteAnswer":
    case "appendAnswer":
      return !message.refused;
    case "append":
      return message.entries.length > 0;
    default:
      return false;
  }
}
