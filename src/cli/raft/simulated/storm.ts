/** Storms over simulated cores: a drawn climate, then a bare majority that has to go on alone, then all of them. */
import { MemberRole, type ClusterConfig } from "../../../codec/gen/raft/index.js";
import { foundingStore } from "../../../protocols/raft/core/log-image.js";
import type { RaftMessage } from "../../../protocols/raft/core/messages.js";
import type { RaftCoreOptions } from "../../../protocols/raft/core/options.js";
import type { CoreInput, CoreView } from "../../../protocols/raft/core/types.js";
import {
  drawMessageFaults,
  MessageNetwork,
  NO_MESSAGE_FAULTS,
  Random,
  SimulationError,
} from "../../../testing/index.js";
import { Client, type Seen } from "./clients.js";
import { climateOf, drawClimate, type Climate, type ClimateName } from "./climate.js";
import { CoreHost } from "./core-host.js";
import { CoreWatch } from "./core-watch.js";
import { checkAgainstLog, checkAsClients } from "./history.js";

/** Members that may join. */
const SPARE = 2;
/** Time for progress where elections are due after 300 ms at most; in proportion where they take longer. */
const DEADLINE_MS = 5_000;
const DEADLINE_ELECTION_MS = 300;
/** A call that has no answer by then is made again: whom it was made at may not belong to the cluster any more. */
const ASK_AGAIN_MS = 1_000;
/** Elections that a healed majority may need. */
const ELECTIONS_MAX = 12;
const CALLS_MAX = 40;

/** What a run has come to. */
export interface Weather {
  elections: number;
  electionsHealed: number;
  commits: number;
  operations: number;
  /** Blocks of the chain. */
  blocks: number;
  /** The search through the history was given up. */
  isUndecided: boolean;
}

/** One run of one cluster. */
export class Storm {
  readonly network: MessageNetwork<RaftMessage>;
  readonly hosts: CoreHost[] = [];
  readonly watch: CoreWatch;
  readonly clients: Client[] = [];
  readonly climate: Climate;
  readonly #random: Random;
  readonly #run: number;
  /** Changes that hosts were called for, and have not answered. */
  readonly #changes = new Set<{ readonly member: number }>();
  #number = 0;
  #isHealed = false;

  /** @param run from which every draw follows */
  constructor(run: number, name: ClimateName = "drawn") {
    this.#run = run;
    const random = new Random(run, "storm");
    this.#random = random;
    const messageFaults = name === "calm" ? NO_MESSAGE_FAULTS : drawMessageFaults(run);
    this.climate = climateOf(name, drawClimate(random.stream("climate"), messageFaults.delayMsMax));
    const { voters, learners, options, faults, hasChain } = this.climate;
    this.network = new MessageNetwork<RaftMessage>({ run, faults: messageFaults });
    this.watch = new CoreWatch(() => this.hosts);
    // One store for all: its entry is the same object everywhere, as entries are in messages.
    const founding = foundingStore(configOf(voters, learners, options));
    for (let id = 1; id <= voters + learners + SPARE; id++) {
      const draws = random.stream(`host ${id}`);
      const host = new CoreHost(id, options, faults, this.network, this.watch, draws, hasChain);
      if (id <= voters + learners) host.disk.apply(founding);
      this.hosts.push(host);
    }
    for (const host of this.hosts) host.start();
    const surroundings = {
      network: this.network,
      hosts: this.hosts,
      readMode: options.reads ?? "readIndex",
      commit: () => this.watch.commit,
      nextNumber: () => ++this.#number,
    };
    const pauseMsMax = random.pick([20, 60, 150]);
    for (let i = random.between(2, 4); i > 0; i--) {
      this.clients.push(new Client("abcde"[i]!, CALLS_MAX, pauseMsMax, surroundings, random.stream(`client ${i}`)));
    }
  }

  /** Plays it to its end. */
  play(): Weather {
    this.#disturb();
    this.network.runFor(this.climate.stormMs);
    this.#heal();
    const core = this.#chooseCore();
    for (const host of this.hosts) {
      if (!core.includes(host)) host.crash();
      else if (!host.isUp) host.start();
    }
    const before = this.watch.elections;
    this.#requireProgress("a bare majority", core);
    const electionsHealed = this.watch.elections - before;
    if (electionsHealed > ELECTIONS_MAX) throw new Error(`L: ${electionsHealed} elections of a healed majority`);
    for (const host of this.hosts) if (!host.isUp) host.start();
    this.#requireProgress("all members", this.hosts);
    const isUndecided = this.#check();
    const history = this.#history;
    return {
      elections: this.watch.elections,
      electionsHealed,
      commits: this.watch.commit,
      operations: history.length,
      blocks: Math.max(...this.hosts.map(({ backups }) => backups?.head.tipIndex ?? 0)),
      isUndecided,
    };
  }

  get #history(): Seen[] {
    return this.clients.flatMap(({ history }) => history);
  }

  get #leader(): CoreHost | undefined {
    const leaders = this.hosts.filter(({ isUp, view }) => isUp && view!.role === "Leader");
    return leaders.toSorted((a, b) => b.view!.term - a.view!.term)[0];
  }

  #disturb(): void {
    const { crashesPerSecond, crashAllRate, cutsAtLeaderPerSecond, pausesPerSecond, fullPerSecond, adminPerSecond } =
      this.climate;
    const random = this.#random;
    const { downMsMax } = this.climate.faults;
    this.#often(crashesPerSecond, () => {
      const all = random.chance(crashAllRate);
      for (const host of all ? this.hosts : [random.pick(this.hosts)]) host.crashFor(downMsMax);
    });
    this.#often(cutsAtLeaderPerSecond, () => this.#cutLeader());
    this.#often(pausesPerSecond, () => random.pick(this.hosts).pause(random.between(1, 700)));
    this.#often(fullPerSecond, () => {
      random.pick(this.hosts).fullUntilMs = this.network.nowMs + random.between(50, 1_000);
    });
    this.#often(this.climate.hasChain ? 3 : 0, () => {
      this.#leader?.call(
        (tag) => ({ type: "backup", tag }),
        () => {},
      );
    });
    // Two at once, since one after the other is rarely too early.
    this.#often(adminPerSecond, () => {
      this.#administrate();
      if (random.chance(0.3)) this.#administrate();
    });
  }

  /** Calls an action so often, until the storm is over. */
  #often(perSecond: number, action: () => void): void {
    if (perSecond === 0) return;
    this.network.after((2_000 * this.#random.unit()) / perSecond, () => {
      if (this.#isHealed) return;
      action();
      this.#often(perSecond, action);
    });
  }

  /** Cuts the leader off from some, in one direction or both, for a while. */
  #cutLeader(): void {
    const leader = this.#leader;
    if (leader === undefined) return;
    const random = this.#random;
    const others = this.hosts.filter((host) => host !== leader && random.chance(0.7)).map(({ name }) => name);
    const shape = random.below(3);
    const [from, to] = shape === 0 ? [others, [leader.name]] : [[leader.name], others];
    this.network.cut(from, to, { oneWay: shape !== 2 });
    this.network.after(random.between(50, 900), () => {
      if (!this.#isHealed) this.network.partition();
    });
  }

  #administrate(): void {
    const random = this.#random;
    const host = random.chance(0.8) ? (this.#leader ?? random.pick(this.hosts)) : random.pick(this.hosts);
    const member = random.pick(this.hosts).id;
    const op = random.pick(["addLearner", "promote", "promote", "demote", "remove", "transfer", "snapshot"] as const);
    const change = { member };
    if (op !== "transfer" && op !== "snapshot") this.#changes.add(change);
    host.call(
      (tag) => {
        if (op === "transfer") return { type: "transfer", tag, to: member };
        return op === "snapshot" ? { type: "snapshot", tag } : { type: "change", tag, op, member };
      },
      () => void this.#changes.delete(change),
    );
  }

  #heal(): void {
    this.#isHealed = true;
    this.network.heal();
    for (const host of this.hosts) {
      host.faults = {
        ...host.faults,
        failRate: 0,
        aimedCrashRate: 0,
        storeMsMax: Math.min(30, host.faults.storeMsMax),
      };
      host.fullUntilMs = 0;
    }
  }

  /** As few hosts as hold a majority of each configuration that may be in force, or come into force. */
  #chooseCore(): CoreHost[] {
    let configs = this.hosts.flatMap((host) => configsOn(host));
    // A leader still makes a change that waits: whom it concerns may vote after it, or may not.
    for (const { member } of this.#changes) {
      configs = configs.flatMap((voters) => {
        const others = voters.filter((id) => id !== member);
        return others.length === 0 ? [voters] : [others, [...others, member]];
      });
    }
    const suffices = (hosts: readonly CoreHost[]): boolean =>
      configs.every((voters) => hosts.filter(({ id }) => voters.includes(id)).length > voters.length / 2);
    let core = [...this.hosts];
    for (const host of shuffled(this.hosts, this.#random)) {
      const fewer = core.filter((one) => one !== host);
      if (suffices(fewer)) core = fewer;
    }
    return core;
  }

  /** L: a leader, three proposals and a read, in time. */
  #requireProgress(who: string, hosts: readonly CoreHost[]): void {
    const [, hiMs] = this.climate.options.electionMs!;
    const untilMs = this.network.nowMs + (DEADLINE_MS * hiMs) / DEADLINE_ELECTION_MS;
    const within = (what: string, holds: () => boolean): void => {
      try {
        this.network.runUntil(holds, untilMs - this.network.nowMs);
      } catch (error) {
        if (!(error instanceof SimulationError)) throw error;
        throw new Error(`L: ${who} (${hosts.map(({ id }) => id).join(", ")}): ${what}\n${this.#report()}`, {
          cause: error,
        });
      }
    };
    for (let i = 1; i <= 3; i++) {
      const isCommitted = this.#keepAsking((tag) => ({ type: "propose", tag, proposal: { type: "openSession" } }));
      within(`proposal ${i} is not committed`, isCommitted);
    }
    const isRead = this.#keepAsking((tag) => ({ type: "read", tag, mode: "readIndex" }));
    within("a read is not answered", isRead);
    const members = (): CoreHost[] => {
      const config = this.#leader?.view!.config;
      return hosts.filter(({ id }) => config?.voters.includes(id) === true || config?.learners.includes(id) === true);
    };
    for (const client of this.clients) client.isStopped = true;
    within("members are not equal", () => areEqual(members().map(({ view }) => view!)));
    within("a call has no answer", () => members().every(({ openCalls }) => openCalls === 0));
    // From a mark on no snapshot begins until its blocks are noted.
    if (!this.climate.hasChain) {
      const isDue = (host: CoreHost): boolean => this.watch.isSnapshotDue(host, host.view!.applied);
      within("a snapshot is not taken", () => !members().some(isDue));
    }
    for (const { view, machine, id, backups } of members()) {
      const [{ machine: other, backups: otherBackups }] = members() as [CoreHost];
      const [head, otherHead] = [JSON.stringify(backups?.head), JSON.stringify(otherBackups?.head)];
      if (head !== otherHead) throw new Error(`L3: member ${id} has backups ${head}, another ${otherHead}`);
      const [one, two] = [[...machine.values].sort().join(), [...other.values].sort().join()];
      if (one !== two) throw new Error(`L3: member ${id} has at ${view!.applied} ${one}, another ${two}`);
    }
  }

  /** Makes a call at whoever leads, again and again. @returns tells whether one has succeeded */
  #keepAsking(of: (tag: number) => CoreInput): () => boolean {
    let isDone = false;
    const ask = (): void => {
      let isOver = false;
      const again = (): void => {
        if (!isOver && !isDone) this.network.after(20, ask);
        isOver = true;
      };
      const host = this.#leader;
      if (host === undefined) return again();
      host.call(of, (outcome) => {
        if (outcome.type === "outcome" && outcome.status === "ok") isDone = true;
        else again();
      });
      this.network.after(ASK_AGAIN_MS, again);
    };
    ask();
    return () => isDone;
  }

  /** @returns whether level 2 could not decide */
  #check(): boolean {
    const history = this.#history;
    checkAgainstLog(history, this.watch.executions);
    return this.#run % 4 === 0 && !checkAsClients(history);
  }

  #report(): string {
    return this.hosts
      .filter(({ isUp }) => isUp)
      .map(({ id, view }) => `${id}: ${JSON.stringify({ ...view!, terms: undefined })}`)
      .join("\n");
  }
}

function areEqual(views: readonly CoreView[]): boolean {
  const [first] = views;
  if (first === undefined) return false;
  const endOf = ({ terms, snapshot }: CoreView): number | undefined => terms.at(-1) ?? snapshot?.[1];
  return views.every((view) => {
    const { last, commit, applied } = view;
    return last === first.last && commit === last && applied === last && endOf(view) === endOf(first);
  });
}

function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  return items
    .map((item) => ({ item, at: random.unit() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** The voters of the configuration that a host has in force. */
function configsOn({ view }: CoreHost): (readonly number[])[] {
  return view === undefined || view.config === null ? [] : [view.config.voters];
}

function configOf(voters: number, learners: number, { electionMs, clockDriftMax }: RaftCoreOptions): ClusterConfig {
  const members = Array.from({ length: voters + learners }, (_, i) => ({
    member: i + 1,
    role: i < voters ? MemberRole.voter : MemberRole.learner,
    life: BigInt(i + 1),
    node: new Uint8Array(20),
    address: "",
  }));
  const [electionLoMs, electionHiMs] = electionMs!;
  return { electionLoMs, electionHiMs, driftPermille: clockDriftMax! * 1_000, members };
}
