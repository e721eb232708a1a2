/** A client of a cluster on Node.js. */
import { hostOptions, withoutHostOptions, type HostOptions } from "../../../host/host-options.js";
import { run, type Host } from "../../../host/index.js";
import { tracedOptions, type Millis, type TraceWriter } from "../../../machine/index.js";
import { tcp, type Transport } from "../../../transport/index.js";
import type { MemberId } from "../core/messages.js";
import type { MembershipOp } from "../core/types.js";
import { CLIENT_OPTIONS } from "../machines.js";
import type { RaftOutcome, RaftStatus } from "../types.js";
import { RaftClientMachine, type RaftClientCall, type RaftClientOptions } from "./machine.js";

/** Options of {@link createRaftClient}. */
export interface CreateRaftClientOptions extends RaftClientOptions, HostOptions {
  /** Default `tcp()`; `tls(…)` where the members have it. */
  readonly transport?: Transport;
  /** Records all events and effects as `raft-client`. Confidential: it holds all commands. */
  readonly trace?: TraceWriter;
}

/** Bounds of a call. */
export interface RaftCallOptions {
  /** Ends the call with the error `cancelled`, which does not say whether it took effect. */
  readonly signal?: AbortSignal;
  /** Ends the call: with `timeout` if nothing has happened, with `uncertain` if nobody knows. Default 10 s. */
  readonly timeoutMs?: Millis;
}

/** How a command is proposed. */
export interface RaftProposeOptions extends RaftCallOptions {
  /**
   * Nobody changes the bytes of the command any more: they are not copied. Of a client that puts 64 KiB at a time, the
   * copies are a third of the buffers for which V8 collects garbage. Default false.
   */
  readonly isGiven?: boolean;
}

/** How a read is made safe. */
export interface RaftReadOptions extends RaftCallOptions {
  /** Default `readIndex`; `lease` costs no messages and trusts clocks; `local` may be stale. */
  readonly mode?: "readIndex" | "lease" | "local";
}

/** What became of a command, or of a query. */
export interface RaftResult {
  /** Place in the log; of a query that which was applied. */
  readonly index: number;
  /** What the state machine answered. */
  readonly result: Uint8Array;
}

/** Calls that members and clients share. They reject with a WireError. */
export interface RaftCalls {
  /** Has a command executed by the cluster. `uncertain`: it may or may not have taken effect, or still do. */
  propose(command: Uint8Array, options?: RaftProposeOptions): Promise<RaftResult>;
  /** Asks the state machine, which knows all that was settled before. */
  read(query: Uint8Array, options?: RaftReadOptions): Promise<RaftResult>;
  /** Adds a member without a vote, which then catches up. */
  addLearner(
    learner: { readonly memberId: MemberId; readonly address: string },
    options?: RaftCallOptions,
  ): Promise<void>;
  /** Gives a learner a vote. `status`: another change is pending. */
  promote(memberId: MemberId, options?: RaftCallOptions): Promise<void>;
  /** Takes the vote of a member. */
  demote(memberId: MemberId, options?: RaftCallOptions): Promise<void>;
  /** Takes a member out of the cluster. */
  remove(memberId: MemberId, options?: RaftCallOptions): Promise<void>;
  /** Hands leadership to a voter; default the one with the longest log. */
  transfer(to?: MemberId, options?: RaftCallOptions): Promise<void>;
}

/** A running client. */
export interface RaftClient extends RaftCalls {
  /** The state of the member at an address. */
  status(address: string, options?: RaftCallOptions): Promise<RaftStatus>;
  /** Has the member at an address take a snapshot: the last index that it covers. */
  snapshot(address: string, options?: RaftCallOptions): Promise<number>;
  /** Ends the session, for `timeoutMs` (default 1 s) at most, and closes all links. */
  stop(options?: Pick<RaftCallOptions, "timeoutMs">): Promise<void>;
}

const CLOSE_TIMEOUT_MS = 1_000;

/**
 * Makes a client, which finds the leader by itself. Commands are executed once, by a session that opens with the first.
 * @throws WireError `argument`
 */
export function createRaftClient(options: CreateRaftClientOptions): RaftClient {
  const { transport, ...rest } = withoutHostOptions(options);
  const host: Host<RaftClientCall, RaftOutcome, never> = run((env) => new RaftClientMachine(rest, env), {
    transport: transport ?? tcp(),
    traceStart: { machine: "raft-client", options: tracedOptions(rest, CLIENT_OPTIONS) },
    ...hostOptions("raft-client", options),
  });
  return {
    ...callsOf((request, bounds) => host.call(request, bounds)),
    async status(at, bounds) {
      return ((await host.call({ type: "status", at }, bounds)) as Outcome<"status">).status;
    },
    async snapshot(at, bounds) {
      return ((await host.call({ type: "snapshot", at }, bounds)) as Outcome<"snapshotTaken">).index;
    },
    async stop({ timeoutMs = CLOSE_TIMEOUT_MS } = {}) {
      // A session that cannot be closed ends by itself.
      await host.call({ type: "closeSession" }, { timeoutMs }).catch(() => {});
      await host.stop();
    },
  };
}

/** An outcome of one type. */
export type Outcome<T extends RaftOutcome["type"]> = Extract<RaftOutcome, { readonly type: T }>;

/** Calls of clients that members take as well. */
type SharedCall = Extract<RaftClientCall, { readonly type: "propose" | "read" | "change" | "transfer" }>;

/** The calls that members and clients share, over the one that carries them out. */
export function callsOf(call: (request: SharedCall, bounds?: RaftCallOptions) => Promise<RaftOutcome>): RaftCalls {
  const change = async (op: MembershipOp, member: MemberId, address?: string, bounds?: RaftCallOptions) => {
    await call({ type: "change", op, member, ...(address !== undefined && { address }) }, bounds);
  };
  return {
    async propose(data, options) {
      const request = { type: "propose", data, isGiven: options?.isGiven === true } as const;
      const { index, result } = (await call(request, options)) as Outcome<"proposed">;
      return { index, result };
    },
    async read(query, { mode = "readIndex", ...bounds } = {}) {
      const { index, result } = (await call({ type: "read", query, mode }, bounds)) as Outcome<"read">;
      return { index, result };
    },
    addLearner: ({ memberId, address }, bounds) => change("addLearner", memberId, address, bounds),
    promote: (memberId, bounds) => change("promote", memberId, undefined, bounds),
    demote: (memberId, bounds) => change("demote", memberId, undefined, bounds),
    remove: (memberId, bounds) => change("remove", memberId, undefined, bounds),
    async transfer(to, bounds) {
      await call({ type: "transfer", ...(to !== undefined && { to }) }, bounds);
    },
  };
}
