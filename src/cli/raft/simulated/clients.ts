/** Clients of simulated cores: each keeps to one session, one operation at a time, and writes down what it saw. */
import type { CoreInput, Proposal } from "../../../protocols/raft/core/types.js";
import type { MessageNetwork, Operation, Random, RegisterInput, RegisterOutput } from "../../../testing/index.js";
import type { RaftMessage } from "../../../protocols/raft/core/messages.js";
import type { CoreHost, Outcome } from "./core-host.js";
import { encodeOperation, outputOf } from "./registers.js";

const KEYS = ["x", "y", "z"];
/** How long a client waits for an answer before it asks again. */
const PATIENCE_MS = 600;

/** What a client saw of one operation. */
export interface Seen extends Operation<RegisterInput, RegisterOutput> {
  readonly number: number;
  returnedAt?: number;
  output?: RegisterOutput;
  /** Where it stands in the log; of a read up to where its answer has applied. Missing while that is unknown. */
  index?: number;
  /** Known not to have happened. */
  isFailed?: boolean;
}

/** What clients share. */
export interface Surroundings {
  readonly network: MessageNetwork<RaftMessage>;
  readonly hosts: readonly CoreHost[];
  readonly readMode: "readIndex" | "lease";
  /** Sessions end that are idle for less than a run takes. */
  readonly mayExpire: boolean;
  /** Up to where something is known to be committed. */
  readonly commit: () => number;
  readonly nextNumber: () => number;
}

/** One client. */
export class Client {
  readonly history: Seen[] = [];
  isStopped = false;
  readonly #name: string;
  readonly #surroundings: Surroundings;
  readonly #random: Random;
  readonly #pauseMsMax: number;
  #session = 0;
  #serial = 0;
  #target: CoreHost;
  #opsLeft: number;

  constructor(name: string, ops: number, pauseMsMax: number, surroundings: Surroundings, random: Random) {
    this.#name = name;
    this.#opsLeft = ops;
    this.#pauseMsMax = pauseMsMax;
    this.#surroundings = surroundings;
    this.#random = random;
    this.#target = random.pick(surroundings.hosts);
    this.#pause(() => this.#open());
  }

  get isDone(): boolean {
    return this.#opsLeft === 0;
  }

  /** Asks for more operations, for a cluster that is healed. */
  goOn(ops: number): void {
    const isIdle = this.#opsLeft === 0;
    this.#opsLeft += ops;
    if (isIdle) this.#next();
  }

  #pause(action: () => void): void {
    const { network } = this.#surroundings;
    network.after(this.#random.between(0, this.#pauseMsMax), () => {
      if (!this.isStopped) action();
    });
  }

  #open(): void {
    this.#propose({ type: "openSession" }, (outcome) => {
      if (outcome.type === "outcome" && outcome.status === "ok") this.#session = outcome.index;
      if (this.#session === 0) this.#pause(() => this.#open());
      else this.#next();
    });
  }

  /** Nobody knows whether the last operation was executed before its session ended. */
  #reopen(): void {
    this.#session = this.#serial = 0;
    if (--this.#opsLeft > 0) this.#pause(() => this.#open());
  }

  #next(): void {
    if (this.#opsLeft === 0) return;
    this.#pause(() => {
      const input = this.#draw();
      const { network, nextNumber } = this.#surroundings;
      const seen: Seen = { input, number: nextNumber(), calledAt: network.nowMs };
      this.history.push(seen);
      if (input.kind === "get") this.#read(seen);
      else this.#write(seen, ++this.#serial);
    });
  }

  #done(seen: Seen): void {
    // Of clients without an answer nothing is known; the others go on.
    void seen;
    this.#opsLeft--;
    this.#next();
  }

  /** Asks again under the same serial until it is known what became of it. */
  #write(seen: Seen, serial: number): void {
    const data = encodeOperation({ number: seen.number, input: seen.input });
    const proposal: Proposal = { type: "command", client: this.#session, serial, ackedBelow: serial, data };
    this.#propose(proposal, (outcome) => {
      if (outcome.type === "outcome" && outcome.status === "ok") {
        seen.returnedAt = this.#surroundings.network.nowMs;
        seen.output = outputOf(outcome.result);
        this.#done(seen);
      } else if (outcome.type === "outcome" && (outcome.status === "sessionExpired" || outcome.status === "argument")) {
        if (outcome.status === "sessionExpired" && this.#surroundings.mayExpire) return this.#reopen();
        throw new Error(`client ${this.#name}: operation ${seen.number} ended with ${outcome.status}`);
      } else this.#pause(() => this.#write(seen, serial));
    });
  }

  #read(seen: Seen): void {
    const { network, readMode, commit } = this.#surroundings;
    const host = this.#target;
    const known = commit();
    this.#call(
      (tag) => ({ type: "read", tag, mode: readMode }),
      (outcome) => {
        if (outcome.type === "gone" || outcome.status !== "ok") return this.#pause(() => this.#read(seen));
        const { applied } = host.view!;
        if (outcome.index < known) throw new Error(`S10: a read sees ${outcome.index}, though ${known} was committed`);
        if (applied < outcome.index) throw new Error(`S10: a read of ${outcome.index} is answered at ${applied}`);
        seen.returnedAt = network.nowMs;
        seen.output = host.machine.values.get(seen.input.key);
        seen.index = applied;
        this.#done(seen);
      },
    );
  }

  #propose(proposal: Proposal, settle: (outcome: Outcome) => void): void {
    this.#call((tag) => ({ type: "propose", tag, proposal }), settle);
  }

  /** Calls a core that may lead, and gives up after a while: the late answer is not heard. */
  #call(of: (tag: number) => CoreInput, settle: (outcome: Outcome) => void): void {
    const { network, hosts } = this.#surroundings;
    let isOpen = true;
    const once = (outcome: Outcome): void => {
      if (!isOpen || this.isStopped) return;
      isOpen = false;
      const isServed = outcome.type === "outcome" && outcome.status === "ok";
      if (!isServed) {
        const leader = outcome.type === "outcome" ? hosts.find(({ id }) => id === outcome.leader) : undefined;
        this.#target = leader !== undefined && this.#random.chance(0.7) ? leader : this.#random.pick(hosts);
      }
      settle(outcome);
    };
    network.after(PATIENCE_MS, () => once({ type: "gone" }));
    this.#target.call(of, once);
  }

  #draw(): RegisterInput {
    const random = this.#random;
    const key = random.pick(KEYS);
    const value = `${this.#name}${this.history.length}`;
    const kind = random.pick(["get", "get", "put", "cas", "delete"] as const);
    if (kind === "put") return { kind, key, value };
    if (kind === "cas") return { kind, key, expected: this.#lastSeen(key), value };
    return { kind, key };
  }

  /** A value that the key may well have. */
  #lastSeen(key: string): string | undefined {
    const last = this.history.findLast(({ input, returnedAt }) => input.key === key && returnedAt !== undefined);
    if (last === undefined) return undefined;
    if (last.input.kind === "get") return last.output as string | undefined;
    return "value" in last.input ? last.input.value : undefined;
  }
}
