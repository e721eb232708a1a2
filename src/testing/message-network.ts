/** A network of messages between cores: without links, bytes, hosts or disks, and so many times faster. */
import type { Millis } from "../machine/index.js";
import { VirtualClock } from "./clock.js";
import { bothWaysCut, drawCut, oneWayCut, partitionOf, type Cut } from "./cuts.js";
import { Random } from "./random.js";
import { lateness, SimulationError } from "./simulation-error.js";

/** Fault rates of messages. Rates are probabilities, 0 to 1. */
export interface MessageFaults {
  /** Of losing a message. */
  readonly dropRate: number;
  /** Of delivering a message twice, at two times of its own. */
  readonly duplicateRate: number;
  /** Delay of a message: 0 to this, in no order. */
  readonly delayMsMax: Millis;
  /** Cuts a second: of one core, of halves with one core between them, or of all but neighbours on a ring. */
  readonly cutsPerSecond: number;
  /** Duration of a drawn cut: 0 to this. */
  readonly cutMsMax: Millis;
}

/** The ceilings of drawn faults. */
export const MESSAGE_FAULT_CEILINGS: MessageFaults = Object.freeze({
  dropRate: 0.3,
  duplicateRate: 0.5,
  delayMsMax: 100,
  cutsPerSecond: 0.5,
  cutMsMax: 2_000,
});

/** Messages that arrive once, after 1 ms at most. */
export const NO_MESSAGE_FAULTS: MessageFaults = Object.freeze({
  dropRate: 0,
  duplicateRate: 0,
  delayMsMax: 1,
  cutsPerSecond: 0,
  cutMsMax: 0,
});

/** The faults of a run: a third of the kinds do not occur, the others up to their ceiling. */
export function drawMessageFaults(run: number, ceilings: Partial<MessageFaults> = {}): MessageFaults {
  const random = new Random(run, "message faults");
  const draw = (name: keyof MessageFaults): number => {
    const ceiling = ceilings[name] ?? MESSAGE_FAULT_CEILINGS[name];
    const isAbsent = random.chance(1 / 3);
    const share = random.unit();
    return isAbsent ? NO_MESSAGE_FAULTS[name] : share * ceiling;
  };
  const names = Object.keys(NO_MESSAGE_FAULTS) as (keyof MessageFaults)[];
  return Object.fromEntries(names.map((name) => [name, draw(name)])) as unknown as MessageFaults;
}

/** Options of a {@link MessageNetwork}. */
export interface MessageNetworkOptions<Message> {
  /** Seed of every draw. */
  readonly run: number;
  /** Default: drawn from the run. */
  readonly faults?: MessageFaults;
  /** Makes the message that arrives; default: the one that was sent. Pass `structuredClone` for cores that change it. */
  readonly copy?: (message: Message) => Message;
}

/** Takes a message. @param from the name of its sender */
export type MessageHandler<Message> = (message: Message, from: string) => void;

/**
 * Cores by name that send each other messages, and the clock of their timers. Messages are lost, duplicated, delayed in
 * no order, and cut off. The same run repeats event for event.
 */
export class MessageNetwork<Message> {
  readonly clock = new VirtualClock();
  /** Draws of the scenario. */
  readonly random: Random;
  readonly #random: Random;
  readonly #copy: (message: Message) => Message;
  readonly #cores = new Map<string, MessageHandler<Message>>();
  readonly #checks: (() => void)[] = [];
  #faults: MessageFaults;
  #cuts: Cut[] = [];
  /** The cut that was drawn, beside those of the scenario. */
  #drawn: Cut | undefined;

  constructor({ run, faults = drawMessageFaults(run), copy = (message) => message }: MessageNetworkOptions<Message>) {
    this.random = new Random(run, "scenario");
    this.#random = new Random(run, "messages");
    this.#faults = faults;
    this.#copy = copy;
    this.#scheduleCut(new Random(run, "cuts"));
  }

  get nowMs(): Millis {
    return this.clock.nowMs();
  }

  get faults(): MessageFaults {
    return this.#faults;
  }

  /** Adds a core, or builds it again: from now on it gets the messages to this name. */
  add(name: string, take: MessageHandler<Message>): void {
    this.#cores.set(name, take);
  }

  /** Takes a core away, as a crash does: messages that arrive while it is gone are lost. */
  remove(name: string): void {
    this.#cores.delete(name);
  }

  /** Sends a message; it arrives later, if it does. */
  send(from: string, to: string, message: Message): void {
    const { dropRate, duplicateRate, delayMsMax } = this.#faults;
    if (this.#random.chance(dropRate)) return;
    for (let copies = this.#random.chance(duplicateRate) ? 2 : 1; copies > 0; copies--) {
      this.clock.after(this.#random.between(0, Math.floor(delayMsMax)), () => {
        if (this.#isCut(from, to)) return;
        this.#cores.get(to)?.(this.#copy(message), from);
      });
    }
  }

  /** Calls an action later, which `cancel` prevents: timers of cores, and their disks. */
  after(delayMs: Millis, action: () => void): () => void {
    return this.clock.after(delayMs, action);
  }

  /** Cuts all messages between these cores and those, or from these to those alone; adds to the cuts in force. */
  cut(from: Iterable<string>, to: Iterable<string>, { oneWay = false }: { readonly oneWay?: boolean } = {}): void {
    const [these, those] = [new Set(from), new Set(to)];
    this.#cuts.push(oneWay ? oneWayCut(these, those) : bothWaysCut(these, those));
  }

  /** Separates these cores from all others, and ends every other cut. */
  partition(...names: string[]): void {
    this.#cuts = [partitionOf(new Set(names))];
    this.#drawn = undefined;
  }

  /** Ends every fault but delays. From now on, liveness can be checked. */
  heal(): void {
    this.#faults = { ...NO_MESSAGE_FAULTS, delayMsMax: this.#faults.delayMsMax };
    this.#cuts = [];
    this.#drawn = undefined;
  }

  /** Safety: calls `check` after every event. It throws on a violation. */
  always(check: () => void): void {
    this.#checks.push(check);
  }

  /** Lets `durationMs` of virtual time pass. */
  runFor(durationMs: Millis): void {
    const untilMs = this.nowMs + durationMs;
    while (this.clock.nextMs <= untilMs) this.#step();
    this.clock.runTo(untilMs);
  }

  /** Liveness: runs until the condition holds. @throws SimulationError if it does not within `limitMs` */
  runUntil(condition: () => boolean, limitMs: Millis): void {
    const untilMs = this.nowMs + limitMs;
    while (!condition()) {
      if (this.clock.nextMs > untilMs) throw new SimulationError(lateness(condition, limitMs, this.clock.nextMs));
      this.#step();
    }
  }

  #step(): void {
    this.clock.step();
    for (const check of this.#checks) check();
  }

  #isCut(from: string, to: string): boolean {
    return this.#drawn?.(from, to) === true || this.#cuts.some((isCut) => isCut(from, to));
  }

  /** Draws start and duration of one cut after the other, until the network is healed. */
  #scheduleCut(random: Random): void {
    if (this.#faults.cutsPerSecond === 0) return;
    this.clock.after((2_000 * random.unit()) / this.#faults.cutsPerSecond, () => {
      if (this.#faults.cutsPerSecond === 0) return;
      if (this.#cores.size > 0) this.#drawn = drawCut([...this.#cores.keys()], random).cut;
      this.clock.after(this.#faults.cutMsMax * random.unit(), () => {
        this.#drawn = undefined;
        this.#scheduleCut(random);
      });
    });
  }
}
