/** Storms over whole members: links that break, disks that fail and fill up, crashes, pauses; then a majority alone. */
import { decodeKv, encodeKv, KvState } from "../../../src/protocols/raft/kv/kv-state.js";
import { RaftMachine } from "../../../src/protocols/raft/machine.js";
import type { RaftCall, RaftEvent, RaftMemberOptions, RaftOutcome } from "../../../src/protocols/raft/types.js";
import type {
  Faults,
  Operation,
  Random,
  RegisterInput,
  RegisterOutput,
  Simulation,
} from "../../../src/testing/index.js";
import type { SimulatedHost } from "../../../src/testing/index.js";
import { DiskWatch, SentLogs } from "./disk-watch.js";
import { TINY } from "./machine-cluster.js";

/** What members suffer, at most. */
export const MEMBER_FAULTS: Partial<Faults> = Object.freeze({
  crashesPerSecond: 0.3,
  downMsMax: 800,
  pausesPerSecond: 0.3,
  pauseMsMax: 600,
  partitionsPerSecond: 0.5,
  partitionMsMax: 1_000,
  delayMsMax: 20,
  diskFailRate: 0.01,
  diskFullPerSecond: 0.1,
  diskFullMsMax: 500,
});

const STORM_MS = 4_000;
const DEADLINE_MS = 5_000;
const KEYS = ["x", "y", "z"];
const OPERATIONS_MAX = 25;
const PATIENCE_MS = 1_000;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

type Host = SimulatedHost<RaftCall, RaftOutcome, RaftEvent>;

/** One member, and what runs in it. */
interface Member {
  readonly id: number;
  readonly host: Host;
  machine: RaftMachine;
  state: KvState;
  /** Events that were looked at. */
  seen: number;
}

/** What a client saw. */
interface Seen extends Operation<RegisterInput, RegisterOutput> {
  returnedAt?: number;
  output?: RegisterOutput;
}

/** Plays a storm. @returns what the clients saw, and how many messages were held against the disks */
export function playMembers(simulation: Simulation): { readonly history: Seen[]; readonly messages: number } {
  const storm = new MemberStorm(simulation);
  storm.play();
  return { history: storm.history, messages: storm.watches.reduce((sum, { messages }) => sum + messages, 0) };
}

class MemberStorm {
  readonly history: Seen[] = [];
  readonly #simulation: Simulation;
  readonly #members: Member[] = [];
  /** The leader of each term. */
  readonly #leaders = new Map<number, number>();
  readonly watches: DiskWatch[] = [];
  readonly #sent = new SentLogs();
  #isOver = false;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
    const { random } = simulation;
    const size = random.pick([3, 3, 5, 5, 7]);
    const founders = Array.from({ length: size }, (_, i) => ({ member: i + 1, address: `m${i + 1}:7000` }));
    const options = {
      reserveBytes: 1_000,
      ...(random.chance(0.7) && TINY),
      clusterId: new Uint8Array(8).fill(7),
      founders,
    };
    for (const { member } of founders) this.#add(member, { ...options, member });
    simulation.always(() => this.#check());
  }

  play(): void {
    const simulation = this.#simulation;
    for (const name of ["a", "b", "c"]) {
      const client = new Client(name, simulation, this.#members, this.history);
      simulation.always(() => this.#isOver || client.goOn());
    }
    simulation.runFor(STORM_MS);
    this.#isOver = true;
    simulation.heal();
    const majority = (this.#members.length >> 1) + 1;
    const core = [...this.#members];
    while (core.length > majority) core.splice(simulation.random.below(core.length), 1);
    for (const { host } of this.#members.filter((member) => !core.includes(member))) if (host.isRunning) host.crash();
    for (const { host } of core) if (!host.isRunning) host.restart();
    this.#requireProgress(core);
    for (const { host } of this.#members) if (!host.isRunning) host.restart();
    this.#requireProgress(this.#members);
    const applied = (): number[] => this.#members.map(({ machine }) => machine.status()?.applied ?? -1);
    simulation.runUntil(() => new Set(applied()).size === 1, DEADLINE_MS);
    const [first, ...others] = this.#members.map(({ state }) => contentOf(state));
    for (const other of others) if (other !== first) throw new Error(`members hold ${first} and ${other}`);
  }

  #add(id: number, options: RaftMemberOptions): void {
    const parts: { machine?: RaftMachine; state?: KvState } = {};
    const watch = new DiskWatch(id, () => host.disk, true, this.#sent);
    this.watches.push(watch);
    const host: Host = this.#simulation.host(
      `m${id}`,
      (env) => {
        parts.state = new KvState();
        parts.machine = new RaftMachine(options, env, parts.state);
        const known = this.#members.find((member) => member.id === id);
        if (known !== undefined) Object.assign(known, parts);
        return watch.watched(parts.machine);
      },
      { listen: `m${id}:7000`, mayCrash: true },
    );
    this.#members.push({ id, host, machine: parts.machine!, state: parts.state!, seen: 0 });
  }

  /** S1, and no member stops for good. */
  #check(): void {
    for (const member of this.#members) {
      const { emitted } = member.host;
      for (; member.seen < emitted.length; member.seen++) {
        const event = emitted[member.seen]!;
        if (event.type === "fault") throw new Error(`member ${member.id} faults: ${event.code} ${event.detail}`);
        if (event.type === "refused") throw new Error(`member ${member.id} refuses its disk: ${event.error.actual}`);
        if (event.type === "memberLostData") throw new Error(`member ${event.member} seems to have lost data`);
        if (event.type !== "role" || event.role !== "Leader") continue;
        const leader = this.#leaders.get(event.term) ?? member.id;
        if (leader !== member.id) throw new Error(`S1: ${leader} and ${member.id} lead term ${event.term}`);
        this.#leaders.set(event.term, leader);
      }
    }
  }

  /** L: three proposals and a read. */
  #requireProgress(hosts: readonly Member[]): void {
    const untilMs = this.#simulation.nowMs + DEADLINE_MS;
    const key = encoder.encode("end");
    const calls: RaftCall[] = ["1", "2", "3"].map((value) => ({
      type: "propose",
      data: encodeKv({ op: "put", key, value: encoder.encode(value) }),
    }));
    for (const call of [...calls, { type: "read", query: encodeKv({ op: "get", key }) } as const]) {
      for (let isDone = false; !isDone;) {
        const asked = this.#simulation.random.pick(hosts).host.call(call, 800);
        this.#simulation.runUntil(() => asked.outcome !== undefined, 2_000);
        isDone = asked.outcome!.ok;
        if (isDone) continue;
        if (this.#simulation.nowMs > untilMs)
          throw new Error(`L: ${call.type} failed: ${JSON.stringify(asked.outcome)}`);
        this.#simulation.runFor(20);
      }
    }
  }
}

/** One client with a session, which writes down what it saw. */
class Client {
  readonly #name: string;
  readonly #random: Random;
  readonly #simulation: Simulation;
  readonly #members: readonly Member[];
  readonly #history: Seen[];
  #session = 0;
  #serial = 0;
  #current: { readonly seen: Seen; readonly call: RaftCall } | undefined;
  #asked: { readonly outcome: ReturnType<Host["call"]>["outcome"] } | undefined;
  #atMs = 0;
  #count = 0;

  constructor(name: string, simulation: Simulation, members: readonly Member[], history: Seen[]) {
    this.#name = name;
    this.#simulation = simulation;
    this.#members = members;
    this.#history = history;
    this.#random = simulation.random.stream(`client ${name} ${simulation.run}`);
  }

  /** Takes an answer, and asks again. */
  goOn(): void {
    const { nowMs } = this.#simulation;
    const outcome = this.#asked?.outcome;
    if (outcome !== undefined) this.#answered(outcome);
    if (this.#asked !== undefined || nowMs < this.#atMs || this.#count > OPERATIONS_MAX) return;
    if (this.#session === 0) return this.#ask({ type: "openSession" });
    if (this.#current === undefined) {
      const input = this.#draw();
      const seen: Seen = { input, calledAt: nowMs };
      this.#history.push(seen);
      this.#count++;
      this.#current = { seen, call: this.#callOf(input) };
    }
    this.#ask(this.#current.call);
  }

  #ask(call: RaftCall): void {
    this.#asked = this.#random.pick(this.#members).host.call(call, PATIENCE_MS);
  }

  #answered(outcome: NonNullable<ReturnType<Host["call"]>["outcome"]>): void {
    this.#asked = undefined;
    this.#atMs = this.#simulation.nowMs + this.#random.between(0, 100);
    if (!outcome.ok) {
      if (outcome.error.code === "expired") throw new Error(`client ${this.#name} lost its session`);
      return;
    }
    const { value } = outcome;
    if (value.type === "sessionOpened") this.#session = value.client;
    if (value.type !== "proposed" && value.type !== "read") return;
    const { seen } = this.#current!;
    this.#current = undefined;
    const { code, value: bytes } = decodeKv(value.result);
    seen.returnedAt = this.#simulation.nowMs;
    if (seen.input.kind === "get") seen.output = code === 0 ? decoder.decode(bytes) : undefined;
    if (seen.input.kind === "cas") seen.output = code === 0;
  }

  #draw(): RegisterInput {
    const key = this.#random.pick(KEYS);
    const value = `${this.#name}${this.#count}`;
    const kind = this.#random.pick(["get", "get", "put", "cas", "delete"] as const);
    if (kind === "put") return { kind, key, value };
    if (kind !== "cas") return { kind, key };
    const last = this.#history.findLast(({ input, returnedAt }) => input.key === key && returnedAt !== undefined);
    const expected = last?.input.kind === "put" ? last.input.value : undefined;
    return { kind, key, expected, value };
  }

  #callOf(input: RegisterInput): RaftCall {
    const key = encoder.encode(input.key);
    if (input.kind === "get") return { type: "read", query: encodeKv({ op: "get", key }) };
    const serial = ++this.#serial;
    const session = { client: this.#session, serial, ackedBelow: serial };
    return { type: "propose", data: bytesOf(input, key), session };
  }
}

function bytesOf(input: Exclude<RegisterInput, { kind: "get" }>, key: Uint8Array): Uint8Array {
  if (input.kind === "delete") return encodeKv({ op: "delete", key });
  const value = encoder.encode(input.value);
  if (input.kind === "put") return encodeKv({ op: "put", key, value });
  const expected = input.expected === undefined ? undefined : encoder.encode(input.expected);
  return encodeKv({ op: "cas", key, expected, value });
}

/** All keys and values of a state. */
function contentOf(state: KvState): string {
  return KEYS.map((key) => {
    const { code, value } = decodeKv(state.query(encodeKv({ op: "get", key: encoder.encode(key) })));
    return `${key}=${code === 0 ? decoder.decode(value) : ""}`;
  }).join(" ");
}
