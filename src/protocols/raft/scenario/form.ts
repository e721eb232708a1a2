/** The form of scenarios: what a file says, what its steps do, and what is observed after each. */
import type { CoreView } from "../core/types.js";

/** An index and the term of the entry there. */
export type Position = readonly [index: number, term: number];

/** What a core has on its disk when it begins. */
export interface Start {
  /** The last entry that its snapshot covers, 0 for none. */
  readonly index: number;
  readonly term: number;
  /** Terms of the entries after the snapshot. */
  readonly terms: readonly number[];
  readonly hardTerm: number;
  /** Whom it voted for in `hardTerm`, 0 for nobody. */
  readonly vote: number;
}

/** A member of the configuration that a scenario begins with. */
export interface ScenarioMember {
  readonly id: number;
  readonly role: "voter" | "learner";
}

/** A file that was checked: names are known, and no step is at a core that is not there. */
export interface Scenario {
  readonly name: string;
  /** Options of all cores by their names. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly members: readonly ScenarioMember[];
  /** The cores that exist at first, in ascending order. */
  readonly cores: readonly { readonly id: number; readonly start: Start }[];
  readonly steps: readonly Step[];
}

export const MESSAGE_KINDS = [
  "vote",
  "preVote",
  "voteAnswer",
  "preVoteAnswer",
  "append",
  "heartbeat",
  "appendAnswer",
  "snapshot",
  "snapshotAnswer",
  "timeoutNow",
] as const;

/** The kind of a message; a heartbeat is an append with its flag. */
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** Which messages are meant: those that fit every list that is given. */
export interface MessageFilter {
  readonly to?: readonly number[];
  readonly from?: readonly number[];
  readonly kinds?: readonly MessageKind[];
}

/** A message. Which of the optional fields it has depends on its kind; flags that are not set are left out. */
export interface MessageView {
  readonly from: number;
  readonly to: number;
  readonly kind: MessageKind;
  readonly term: number;
  readonly last?: Position;
  readonly transfer?: boolean;
  readonly refused?: boolean;
  readonly prev?: Position;
  readonly commit?: number;
  readonly entries?: readonly Position[];
  readonly index?: number;
  readonly hint?: Position;
  readonly installed?: boolean;
}

export const CHANGES = ["addLearner", "promote", "demote", "remove"] as const;

/** What a step does. */
export type Action =
  | { readonly do: "campaign" | "forgetLeader" | "fail" | "settle"; readonly id: number }
  | { readonly do: "tick" | "setElection"; readonly id: number; readonly ms: number }
  | { readonly do: "propose"; readonly id: number; readonly data: string }
  | { readonly do: "change"; readonly id: number; readonly op: (typeof CHANGES)[number]; readonly member: number }
  | { readonly do: "transfer"; readonly id: number; readonly to: number }
  | { readonly do: "read"; readonly id: number; readonly tag: string | number }
  | { readonly do: "compact"; readonly id: number; readonly index: number }
  | { readonly do: "unreachable"; readonly id: number; readonly peer: number }
  | ({
      readonly do: "deliver";
      readonly n?: number;
      readonly drop?: boolean;
      readonly duplicate?: boolean;
      readonly order?: "reverse";
    } & MessageFilter)
  | { readonly do: "inject"; readonly message: MessageView }
  | { readonly do: "store"; readonly id: number; readonly n?: number }
  | { readonly do: "stabilize"; readonly ids?: readonly number[] }
  /** `start` is undefined for cores that begin empty, without a configuration. */
  | { readonly do: "add"; readonly ids: readonly number[]; readonly start?: Start }
  | { readonly do: "crash"; readonly id: number; readonly stored?: boolean }
  | { readonly do: "restart"; readonly id: number; readonly options?: Readonly<Record<string, unknown>> }
  | { readonly do: "cut"; readonly pairs: readonly (readonly [from: number, to: number])[] }
  | { readonly do: "heal" };

/** What is checked after a step. */
export interface Expectations {
  readonly refused?: boolean;
  /** Parts of the views of cores, by id. */
  readonly expect?: Readonly<Record<string, unknown>>;
  /** Which messages `messages` is about; without it about all that wait. */
  readonly of?: MessageFilter;
  readonly messages?: readonly unknown[];
  /** The core that raises its first fault in this step. */
  readonly fault?: number;
}

/** A step: an action or none, and what is checked after it. */
export type Step = (Action | { readonly do?: undefined }) & Expectations;

/** What is seen of a core that is up. */
export interface MemberView extends CoreView {
  /** Reads that were answered, in order, in this life. */
  readonly reads: readonly { readonly tag: string | number; readonly index: number }[];
}

/** What did not hold: the place in the step, for example `expect.1.role`. */
export interface Failure {
  readonly path: string;
  readonly expected: unknown;
  readonly found: unknown;
}

/** What is seen after a step. */
export interface Observation {
  /** Counted from 1. */
  readonly step: number;
  /** Whether the call of the step was refused; missing if it calls nothing. */
  readonly refused?: boolean;
  /** The cores that are up. */
  readonly members: Readonly<Record<string, MemberView>>;
  /** All messages that wait, the oldest first. */
  readonly messages: readonly MessageView[];
  /** The first expectation that does not hold, which ends the run. */
  readonly failure?: Failure;
}
