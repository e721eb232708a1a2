/** Raft on Node.js: members on sockets with a folder, and clients. */
import { argumentError } from "../../errors.js";
import { closeAll, orClose } from "../../host/close-all.js";
import { hostOptions, withoutHostOptions, type HostOptions } from "../../host/host-options.js";
import { run, type FaultPolicy, type Host } from "../../host/index.js";
import { tracedOptions, type Disk, type TraceWriter } from "../../machine/index.js";
import { openSegmentDisk, type SegmentDisk } from "../../storage/index.js";
import { tcp, type Transport } from "../../transport/index.js";
import { callsOf, type Outcome, type RaftCallOptions, type RaftCalls } from "./client/node.js";
import type { MemberId } from "./core/messages.js";
import type { StateMachine } from "./core/state-machine.js";
import { RaftMachine } from "./machine.js";
import { MEMBER_OPTIONS } from "./machines.js";
import { timesOf, type RaftTiming } from "./timing.js";
import type { RaftCall, RaftEvent, RaftFounder, RaftMemberOptions, RaftOutcome, RaftStatus } from "./types.js";

export * from "./client/node.js";
export type { RaftClientOptions } from "./client/machine.js";
export type { LatencySummary, RaftCounters, RaftLatencies } from "./meters.js";
export type { RaftTiming } from "./timing.js";
export type { RaftEvent, RaftFounder, RaftMemberOptions, RaftStatus } from "./types.js";

/** Options of {@link startRaftMember}. */
export interface StartRaftMemberOptions extends HostOptions, Omit<RaftMemberOptions, "member" | "founders"> {
  /** Id of this member, 1 to 2^53 - 1. It has only one life: with a lost folder comes another id. */
  readonly memberId: MemberId;
  /** "host:port" of TCP. */
  readonly listen: string;
  /** All founders, this one among them, the same at each. Either this or `joining`. */
  readonly members?: readonly RaftFounder[];
  /** Waits to be added by {@link RaftCalls.addLearner}. */
  readonly joining?: boolean;
  /** Makes the state that commands change, empty; called at each start of the machine. */
  readonly stateMachine: () => StateMachine;
  /** Keeps the log and snapshots in segment files, behind a lock. Either this or `disk`. */
  readonly folder?: string;
  /** Takes the lock of the folder from its holder, which must not be running. Default false. */
  readonly takeLock?: boolean;
  /** A disk of one's own, which stays open. One that forgets breaks the promises of the cluster. */
  readonly disk?: Disk;
  /** Times of elections where `electionMs` and `heartbeatMs` do not say them. The same at all members. Default `lan`. */
  readonly timing?: RaftTiming;
  /** Default `tcp()`; `tls(…)` for members that prove who they are. */
  readonly transport?: Transport;
  /** Records all events and effects as `raft`. Confidential: it holds all commands. */
  readonly trace?: TraceWriter;
  /** What happens after a fault; default `stay-down`. A machine that starts again reads the folder again. */
  readonly faultPolicy?: FaultPolicy;
}

/** A running member. Calls that a follower gets are passed on to the leader. */
export interface RaftMember extends RaftCalls {
  readonly memberId: MemberId;
  /** "host:port" at which it listens. */
  readonly address: string;
  /** Settles once a leader has answered, and all that was committed until then is applied here. */
  ready(options?: RaftCallOptions): Promise<void>;
  /** The state of this member. */
  status(): Promise<RaftStatus>;
  /** Takes a snapshot here: the last index that it covers. */
  snapshot(options?: RaftCallOptions): Promise<number>;
  /** Calls `listener` with every event; returns a function that unsubscribes. */
  subscribe(listener: (event: RaftEvent) => void): () => void;
  /** Hands leadership over if it leads others, for half of `lingerTimeoutMs` at most, closes all links and the folder. */
  stop(): Promise<void>;
}

type RaftHost = Host<RaftCall, RaftOutcome, RaftEvent>;

const TRANSFER_TIMEOUT_MS = 1_000;

/**
 * Starts a member, and settles when its disk was read and it listens; {@link RaftMember.ready} waits for a leader.
 * @throws WireError `argument` for an invalid option or an address that is taken; `storage` for a folder that is locked,
 * damaged, or of another member
 */
export async function startRaftMember(options: StartRaftMemberOptions): Promise<RaftMember> {
  const { folder, takeLock = false, disk: given } = options;
  if ((folder === undefined) === (given === undefined)) {
    throw argumentError("raft", "folder", "either a folder or a disk", folder === undefined ? "neither" : "both");
  }
  if (given !== undefined) return startOn(given, options, undefined);
  let host: RaftHost | undefined;
  const disk = await openSegmentDisk({
    folder: folder!,
    takeLock,
    ...(options.limits && { limits: options.limits }),
    // Another process goes on with the folder: this one must not answer any more.
    onLockLost: () => void host?.kill(),
  });
  return orClose(
    () => startOn(disk, options, disk, (begun) => (host = begun)),
    () => disk.close(),
  );
}

async function startOn(
  disk: Disk,
  options: StartRaftMemberOptions,
  owned: SegmentDisk | undefined,
  begun: (host: RaftHost) => void = () => {},
): Promise<RaftMember> {
  const { listen, transport, stateMachine } = options;
  const memberOptions = memberOptionsOf(options);
  const host: RaftHost = run((env) => new RaftMachine(memberOptions, env, stateMachine()), {
    transport: transport ?? tcp(),
    disk,
    traceStart: { machine: "raft-member", options: tracedOptions(memberOptions, MEMBER_OPTIONS) },
    ...hostOptions("raft", options),
  });
  begun(host);
  const start = async (): Promise<RaftMember> => {
    // Answered when the disk was read.
    await host.call({ type: "status" }, { timeoutMs: Infinity });
    return runningMember(host, memberOptions, await host.listen(listen), owned);
  };
  return orClose(start, () => host.stop());
}

function memberOptionsOf(options: StartRaftMemberOptions): RaftMemberOptions {
  const {
    memberId: member,
    members: founders,
    joining = false,
    timing,
    listen: _listen,
    stateMachine,
    folder: _folder,
    takeLock: _takeLock,
    disk: _disk,
    transport: _transport,
    ...rest
  } = withoutHostOptions(options);
  if (joining === (founders !== undefined)) {
    throw argumentError("raft", "members", "either members or joining", joining ? "both" : "neither");
  }
  if (typeof stateMachine !== "function")
    throw argumentError("raft", "stateMachine", "a function", typeof stateMachine);
  const address = founders?.find((one) => one.member === member)?.address;
  return {
    ...timesOf(timing),
    ...(address !== undefined && { address }),
    ...rest,
    member,
    ...(founders !== undefined && { founders }),
  };
}

function runningMember(
  host: RaftHost,
  { member: memberId, limits }: RaftMemberOptions,
  address: string,
  disk: SegmentDisk | undefined,
): RaftMember {
  const status = async (): Promise<RaftStatus> => ((await host.call({ type: "status" })) as Outcome<"status">).status;
  const calls = callsOf((request, bounds) => host.call(request, bounds));
  const handOver = async (): Promise<void> => {
    const { role, config } = await status();
    if (role !== "Leader" || config === null || config.voters.every((voter) => voter === memberId)) return;
    const timeoutMs = limits?.lingerTimeoutMs === undefined ? TRANSFER_TIMEOUT_MS : limits.lingerTimeoutMs / 2;
    await calls.transfer(undefined, { timeoutMs });
  };
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    // Without a successor the others elect one by themselves.
    await handOver().catch(() => {});
    await closeAll(
      () => host.stop(),
      () => disk?.close(),
    );
  };
  return {
    ...calls,
    memberId,
    address,
    async ready(bounds) {
      await host.call({ type: "read", query: new Uint8Array(0) }, bounds);
    },
    status,
    async snapshot(bounds) {
      return ((await host.call({ type: "snapshot" }, bounds)) as Outcome<"snapshotTaken">).index;
    },
    subscribe: (listener) => host.subscribe(listener),
    stop: () => (stopped ??= stop()),
  };
}
