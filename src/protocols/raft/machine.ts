/** A member as a machine: the core behind an endpoint of RPC, its log and snapshots on a disk. */
import { equalBytes, own } from "../../bytes/index.js";
import {
  APPEND_BODY_MIN_SIZE,
  COMMAND_DATA_MIN_SIZE,
  MESSAGE_HEADER_SIZE,
  MessageKind,
  tryDecodeMessageHeader,
} from "../../codec/gen/raft/index.js";
import { isWireError, type WireIssue } from "../../errors.js";
import {
  fraction,
  type CallId,
  type Effect,
  type Env,
  type Event,
  type Machine,
  type Millis,
} from "../../machine/index.js";
import { ownField, Protocol, RpcEndpoint, type RpcLink, type RpcMessage, type RpcOrigin } from "../rpc/index.js";
import { MemberCalls, type Reply } from "./calls.js";
import { issueOf } from "./core-outcome.js";
import { ClientReplies } from "./client-replies.js";
import { memberOf } from "./core/config.js";
import { RaftCore, TERM_STEP_MAX } from "./core/core.js";
import type { BackupHooks } from "./core/backup-hooks.js";
import type { MemberId, RaftMessage } from "./core/messages.js";
import { checkStateMachine, type StateMachine } from "./core/state-machine.js";
import type { CoreEffect, CoreInput } from "./core/types.js";
import { DiskOperations, keptBytes } from "./disk/operations.js";
import { Reserve } from "./disk/reserve.js";
import { SNAPSHOT_PREFIX } from "./disk/segments.js";
import { Start, type Started } from "./disk/start.js";
import { foundingConfig } from "./founding.js";
import { MemberLinks } from "./member-links.js";
import { memberOptions } from "./member-options.js";
import { MemberReach } from "./member-reach.js";
import { RaftMeters } from "./meters.js";
import { requestOf, outcomeOf } from "./requests.js";
import { statusOf } from "./status.js";
import type { RaftCall, RaftEvent, RaftMemberOptions, RaftOutcome, RaftStatus } from "./types.js";
import {
  decodeAnswer,
  decodeRequest,
  codeRequest,
  isAnswer,
  isClientAnswer,
  isOfClients,
  type ClientRequest,
} from "./wire/client-messages.js";
import { codeMember, commandOf, decodeMember, isMemberAnswer } from "./wire/member-messages.js";

type Out = Effect<RaftOutcome, RaftEvent>[];
type CallEvent = Extract<Event<RaftCall>, { readonly type: "call" }>;

/** Time after which a disk is asked again that has failed at the start. */
const START_RETRY_MS = 200;
/** Default time for a request of a client. */
const CALL_TIMEOUT_MS = 10_000;
const RESERVE_BYTES = 16 << 20;
/** No message between members that is as short has bytes of its own, and each append with an entry is longer. */
const NUMBERS_BYTES_MAX = MESSAGE_HEADER_SIZE + APPEND_BODY_MIN_SIZE;
const NO_NODE = new Uint8Array(20);
const encoder = new TextEncoder();

/** One member. It reads its disk before anything leaves; calls wait for that. */
export class RaftMachine implements Machine<RaftCall, RaftOutcome, RaftEvent> {
  /** A peer may close its sending half and still read. */
  readonly halfOpen = true;
  /** What the server that this member is a part of adds to the status that clients get. Must be plain data. */
  aboutServer: (() => Readonly<Record<string, unknown>>) | undefined;
  readonly #options: RaftMemberOptions;
  readonly #env: Env;
  readonly #stateMachine: StateMachine;
  readonly #backups: BackupHooks | undefined;
  readonly #disk = new DiskOperations();
  readonly #reserve: Reserve;
  readonly #endpoint: RpcEndpoint<RaftOutcome, RaftEvent>;
  readonly #calls: MemberCalls;
  readonly #cancels = new Map<CallId, (nowMs: Millis) => void>();
  readonly #links = new MemberLinks();
  readonly #replies: ClientReplies;
  readonly #reach = new MemberReach((loMs, hiMs) => this.#draw(loMs, hiMs));
  /** When the disk is read, again after a failure. */
  #startAtMs: Millis = -Infinity;
  #isStopped = false;
  #started: Started | undefined;
  #core: RaftCore | undefined;
  #meters: RaftMeters | undefined;
  /** Why there is no core, or no longer. */
  #failure: WireIssue | undefined;
  #badMessages = 0;
  #nowMs: Millis = 0;
  #out: Out = [];
  /** The core was given something since its last turn. */
  #hasInput = false;

  /** @param backups of a cluster with a chain @throws WireError `argument` for an invalid option */
  constructor(options: RaftMemberOptions, env: Env, stateMachine: StateMachine, backups?: BackupHooks) {
    this.#options = memberOptions(options);
    this.#env = env;
    this.#stateMachine = stateMachine;
    this.#backups = backups;
    checkStateMachine(stateMachine);
    this.#reserve = new Reserve(this.#disk, options.reserveBytes ?? RESERVE_BYTES);
    this.#endpoint = new RpcEndpoint<RaftOutcome, RaftEvent>({ ...this.#options, via: "stream" }, env, {
      request: (request, nowMs, out) => this.#endpoint.dismiss(request, nowMs, out),
      message: (message, origin) => this.#received(message, origin),
      opened: (link) => this.#opened(link),
      closed: (link) => this.#closed(link),
      congested: (link) => this.#congested(link, true),
      drained: (link) => this.#congested(link, false),
    });
    this.#replies = new ClientReplies({
      isOpen: (link) => this.#endpoint.linkOf(link) !== undefined,
      send: (link, body) => this.#endpoint.send({ link }, { ...body, protocol: Protocol.Raft }, this.#nowMs, this.#out),
      shut: (link) => this.#endpoint.shut(link, this.#nowMs, this.#out),
    });
    this.#calls = new MemberCalls(
      {
        stateMachine,
        take: (call) => this.#take(call),
        lastCommand: () => this.#core!.state.log.lastEntry!.data.subarray(COMMAND_DATA_MIN_SIZE),
        forward: (to, request, seq) => this.#forward(to, request, seq),
        leader: () => ({
          member: this.#core?.state.leader ?? 0,
          address: this.#addressOf(this.#core?.state.leader ?? 0),
        }),
        queryFailed: (why) => this.#log("the state machine has not answered a query", { why }),
        status: () => encoder.encode(JSON.stringify({ ...this.status(), server: this.aboutServer?.() })),
      },
      options.limits?.callsMax,
    );
  }

  /** The rules of the member, once its disk was read. */
  get core(): RaftCore | undefined {
    return this.#core;
  }

  /** All blocks of the chain up to this one are on the disk: counts from the next event on. */
  blockStored(blockIndex: number): void {
    this.#take({ type: "blockStored", blockIndex });
  }

  /** The member at this moment. */
  status(): RaftStatus | undefined {
    if (this.#core === undefined || this.#meters === undefined) return undefined;
    const { counters, latencies } = this.#meters;
    const badMessages = this.#badMessages + this.#endpoint.counters.badFrames;
    return statusOf(this.#core, { badMessages, fault: this.#failure?.actual, counters, latencies });
  }

  nextWakeMs(): Millis {
    const core = this.#isStopped || this.#core === undefined ? Infinity : this.#core.nextWakeMs;
    return Math.min(
      core,
      this.#isStopped ? Infinity : this.#startAtMs,
      this.#mayReserve() ? this.#reserve.nextMs(this.#snapshotBytes()) : Infinity,
      this.#endpoint.nextMs,
      this.#calls.nextMs,
    );
  }

  step(event: Event<RaftCall>, nowMs: Millis, out: Out): void {
    this.#nowMs = nowMs;
    this.#out = out;
    if (this.#startAtMs <= nowMs && !this.#isStopped) this.#start();
    if (!this.#disk.step(event)) this.#event(event, nowMs, out);
    this.#finish();
    this.#replies.endTurn();
    if (this.#mayReserve()) this.#reserve.grow(this.#snapshotBytes(), nowMs);
    out.push(...this.#disk.take());
  }

  #event(event: Event<RaftCall>, nowMs: Millis, out: Out): void {
    if (event.type === "stop") return this.#stop(nowMs, out);
    if (this.#core === undefined && event.type === "opened") {
      return void out.push({ type: "shut", link: event.link });
    }
    this.#endpoint.step(event, nowMs, out);
    if (event.type === "call") this.#call(event);
    else if (event.type === "cancel") this.#cancel(event.id);
    else if (event.type === "wake") {
      this.#calls.wake(nowMs);
      if (this.#core !== undefined && this.#core.nextWakeMs <= nowMs) this.#take({ type: "wake" });
    }
  }

  // Start and end

  #start(): void {
    const { clusterId, member, founders, segmentBytes = 8 << 20, onTornTail = "cut" } = this.#options;
    const founding = founders === undefined ? undefined : foundingConfig(founders, this.#options);
    const state = { stateMachine: this.#stateMachine, backups: this.#backups };
    const options = { clusterId, member, founding, ...state, options: this.#options, segmentBytes, onTornTail };
    this.#startAtMs = Infinity;
    const start = new Start(options, this.#disk, this.#env, (started) => {
      // The disk may work again.
      if (started === undefined) return void (this.#startAtMs = this.#nowMs + START_RETRY_MS);
      if ("code" in started) return this.#refuse(started);
      try {
        this.#run(started);
      } catch (error) {
        if (!isWireError(error)) throw error;
        this.#refuse(error.toJSON());
      }
    });
    start.begin();
  }

  #run(started: Started): void {
    const { life, log, files, applied } = started;
    const { member, id: node = NO_NODE } = this.#options;
    this.#started = started;
    this.#core = new RaftCore(this.#options, {
      member,
      life,
      node,
      log,
      files,
      applied,
      nowMs: this.#nowMs,
      drawElectionMs: (loMs, hiMs) => this.#draw(loMs, hiMs),
    });
    this.#meters = new RaftMeters(this.#core.state.commit);
    this.#emit({ type: "started", member, last: log.last, term: log.hard.term });
    this.#calls.begin(this.#nowMs);
  }

  #refuse(issue: WireIssue): void {
    this.#failure = issue;
    this.#emit({ type: "refused", error: issue });
    this.#log("the disk is refused", { path: issue.path });
    this.#calls.giveUpAll(this.#nowMs);
  }

  #stop(nowMs: Millis, out: Out): void {
    this.#isStopped = true;
    this.#calls.giveUpAll(nowMs);
    this.#endpoint.stop(nowMs, out);
  }

  // Calls

  #call({ id, request, deadlineMs }: CallEvent): void {
    if (this.#failure !== undefined || this.#isStopped) {
      return void this.#out.push({ type: "settle", id, error: this.#failure ?? cancelled() });
    }
    let asked: ClientRequest;
    try {
      asked = requestOf(request);
    } catch (error) {
      if (!isWireError(error)) throw error;
      return void this.#out.push({ type: "settle", id, error: error.toJSON() });
    }
    const reply: Reply = (answer, issue) => {
      this.#cancels.delete(id);
      if (answer === undefined) this.#out.push({ type: "settle", id, error: cancelled() });
      else if (answer.status !== "ok") {
        const error = this.#failure ?? issue ?? issueOf(answer.status, answer.address, answer.result);
        this.#out.push({ type: "settle", id, error });
      } else if (request.type === "status") {
        this.#out.push({ type: "settle", id, value: { type: "status", status: this.status()! } });
      } else this.#out.push({ type: "settle", id, value: outcomeOf(request, answer) });
    };
    // A call may settle at once: then nothing is left to be given up.
    let isOver = false;
    const how = { mayForward: this.#options.forward ?? true, isLent: false };
    const giveUp = this.#calls.start(asked, deadlineMs, this.#nowMs, how, (...end) => {
      isOver = true;
      reply(...end);
    });
    if (!isOver) this.#cancels.set(id, giveUp);
  }

  #cancel(id: CallId): void {
    this.#cancels.get(id)?.(this.#nowMs);
  }

  // The core

  /** @returns false for a call that is refused */
  #take(input: CoreInput): boolean {
    if (this.#isStopped || this.#failure !== undefined) return false;
    this.#hasInput = true;
    this.#meters?.taken(input, this.#nowMs);
    return this.#core?.take(input, this.#nowMs) === true;
  }

  /** The end of a turn of the core, and of those that follow from it. */
  #finish(): void {
    do {
      if (this.#core === undefined || this.#isStopped || this.#failure !== undefined) return;
      this.#hasInput = false;
      const effects: CoreEffect[] = [];
      this.#core.finish(this.#nowMs, effects);
      for (let i = 0; i < effects.length; i++) {
        const effect = effects[i]!;
        this.#meters?.given(effect, this.#nowMs);
        if (effect.type === "outcome") {
          this.#calls.settled(effect.tag, effect.status, effect.index, effect.result, this.#nowMs);
        } else if (effect.type !== "applied") this.#carryOut(effect);
      }
    } while (this.#hasInput);
  }

  #carryOut(effect: Exclude<CoreEffect, { readonly type: "applied" | "outcome" }>): void {
    switch (effect.type) {
      case "send":
        return this.#send(effect.message);
      case "store":
        return this.#started!.segments.store(effect.store, (isStored, isFull) => {
          if (isFull) this.#reserve.giveBack(this.#nowMs);
          this.#take(isStored ? { type: "stored" } : { type: "storeFailed", isFull });
        });
      case "trim":
        return this.#started!.segments.trim(effect.place, this.#core!.state.mark?.key ?? "");
      case "fileStore": {
        const { key, at, bytes, op } = effect;
        return this.#disk.store([{ key: SNAPSHOT_PREFIX + key, at, bytes }], (isStored, isFull) => {
          if (isFull) this.#reserve.giveBack(this.#nowMs);
          this.#take({ type: isStored ? "fileStored" : "fileFailed", op });
        });
      }
      case "fileLoad": {
        const { key, at, length, op } = effect;
        return this.#disk.load({ key: SNAPSHOT_PREFIX + key, at, length }, (value) => {
          if (value?.bytes === undefined) this.#take({ type: "fileFailed", op });
          else this.#take({ type: "fileLoaded", op, bytes: keptBytes(value.bytes, value.isGiven) });
        });
      }
      case "fileRemove":
        return this.#disk.store([{ key: SNAPSHOT_PREFIX + effect.key, remove: true }], () => {});
      case "entriesLoad": {
        const { op, first } = effect;
        return this.#started!.segments.read(first, (entries) => this.#take({ type: "entriesLoaded", op, entries }));
      }
      case "emit":
        if (effect.event.type === "leader") this.#leaderChanged(effect.event.leader);
        return this.#emit(effect.event);
      case "fault":
        return this.#fault(effect.code, effect.detail);
    }
  }

  /** A disk in trouble has no room to give away. */
  #mayReserve(): boolean {
    const isRunning = this.#core !== undefined && !this.#isStopped && this.#failure === undefined;
    return isRunning && !this.#core!.state.hasTrouble;
  }

  #snapshotBytes(): number {
    return this.#core?.state.mark?.sizeBytes ?? 0;
  }

  #fault(code: string, detail: string): void {
    this.#failure = { code: "fault", format: "raft", path: "", actual: `${code}: ${detail}` };
    this.#emit({ type: "fault", code, detail });
    this.#log("an invariant is broken", { code, detail });
    this.#calls.giveUpAll(this.#nowMs);
    this.#endpoint.stop(this.#nowMs, this.#out);
  }

  #leaderChanged(leader: MemberId): void {
    for (const member of this.#reach.members) if (member !== leader) this.#calls.lost(member, this.#nowMs, true);
    if (leader !== 0) this.#calls.resume(this.#nowMs);
  }

  // Links

  #send(message: RaftMessage): void {
    const body = {
      command: commandOf(message),
      protocol: Protocol.Raft,
      payload: codeMember(message, this.#options.clusterId),
    };
    if (!isMemberAnswer(message)) return void this.#toMember(message.to, body);
    const link = this.#links.linkOf(message.to);
    if (link !== undefined) this.#endpoint.send({ link }, body, this.#nowMs, this.#out);
  }

  #toMember(to: MemberId, body: { command: number; protocol: number; payload: Uint8Array }): boolean {
    const peer = this.#addressOf(to);
    if (!this.#reach.mayTry(to, this.#nowMs) || peer === "") return false;
    return this.#endpoint.send({ peer, via: "stream" }, body, this.#nowMs, this.#out) === undefined;
  }

  #forward(to: MemberId, request: ClientRequest, seq: number): boolean {
    const head = { clusterId: this.#options.clusterId, from: this.#options.member, life: this.#started!.life, to, seq };
    return this.#toMember(to, { ...codeRequest(request, head), protocol: Protocol.Raft });
  }

  #received(received: RpcMessage, { link }: RpcOrigin): boolean {
    const { meta, payload, sender } = received;
    if ((meta?.protocol ?? Protocol.Raft) !== Protocol.Raft || link === undefined) return false;
    const header = tryDecodeMessageHeader(payload);
    const { clusterId, member } = this.#options;
    const isOurs = header.ok && equalBytes(header.value.clusterId, clusterId) && header.value.from !== member;
    const isToUs =
      isOurs && (header.value.to === member || (header.value.to === 0 && isOfClients(header.value.messageKind)));
    if (!isToUs || payload.length < MESSAGE_HEADER_SIZE) return this.#bad(link);
    const { messageKind, seq, from } = header.value;
    if (isAnswer(messageKind) && !this.#links.mayAnswer(from, link)) return this.#bad(link);
    if (isClientAnswer(messageKind)) {
      const answer = decodeAnswer(own(payload), header.value);
      if (!answer.ok) return this.#bad(link);
      this.#calls.answered(seq, answer.value, this.#nowMs);
      return true;
    }
    if (isOfClients(messageKind)) {
      // The log copies a command, and no other request is long.
      const isLent = messageKind === MessageKind.propose;
      const asked = decodeRequest(isLent ? payload : own(payload), header.value);
      if (!asked.ok) return this.#bad(link);
      const isForwarded = asked.value.isForwarded || from !== 0;
      this.#asked(asked.value.request, { isForwarded, isLent }, header.value, link);
      return true;
    }
    // The bytes of entries, snapshots and digests are kept; what is shorter is made of numbers.
    const bytes = payload.length > NUMBERS_BYTES_MAX ? ownField(received, payload) : payload;
    const node = sender?.id.length === NO_NODE.length ? own(sender.id) : undefined;
    const message = decodeMember(bytes, header.value, node);
    if (!message.ok || message.value.term > this.#core!.state.term + TERM_STEP_MAX) return this.#bad(link);
    if (!isMemberAnswer(message.value)) this.#links.asks(from, link);
    this.#take({ type: "deliver", message: message.value });
    return true;
  }

  #asked(
    request: ClientRequest,
    { isForwarded, isLent }: { readonly isForwarded: boolean; readonly isLent: boolean },
    { from, seq }: { from: MemberId; seq: number },
    link: number,
  ): void {
    const { clusterId, member, forward = true, callTimeoutMs = CALL_TIMEOUT_MS } = this.#options;
    const how = { mayForward: forward && !isForwarded, isLent };
    this.#calls.start(request, this.#nowMs + callTimeoutMs, this.#nowMs, how, (answer) => {
      if (answer === undefined) return;
      const head = { clusterId, from: member, life: this.#started!.life, to: from, seq };
      this.#replies.reply(link, request.type, answer, head);
    });
  }

  /** Nobody of this cluster sends such a message. */
  #bad(link: number): true {
    this.#badMessages++;
    this.#endpoint.shut(link, this.#nowMs, this.#out);
    return true;
  }

  #opened(link: RpcLink): void {
    const member = link.isOutgoing ? this.#memberAt(link.peer) : undefined;
    if (member === undefined) return;
    this.#links.opened(link.id, member);
    this.#reach.opened(member);
  }

  #closed(link: RpcLink): void {
    this.#links.closed(link.id);
    const member = link.isOutgoing ? this.#memberAt(link.peer) : undefined;
    if (member === undefined) return;
    this.#reach.closed(member, this.#nowMs);
    this.#take({ type: "unreachable", member });
    this.#calls.lost(member, this.#nowMs);
  }

  #congested(link: RpcLink, isCongested: boolean): void {
    const member = link.isOutgoing ? this.#memberAt(link.peer) : undefined;
    if (member !== undefined) this.#take({ type: isCongested ? "congested" : "drained", member });
  }

  #memberAt(address: string): MemberId | undefined {
    return this.#core?.state.config?.members.find((one) => one.address === address)?.member;
  }

  #addressOf(member: MemberId): string {
    return memberOf(this.#core?.state.config, member)?.address ?? "";
  }

  // Draws and events

  #draw(loMs: Millis, hiMs: Millis): Millis {
    return loMs + Math.floor(fraction(this.#env.random(4)) * (hiMs - loMs + 1));
  }

  #log(message: string, fields: Readonly<Record<string, string>>): void {
    this.#out.push({ type: "log", level: "error", message: `raft: ${message}`, fields });
  }

  #emit(event: RaftEvent): void {
    this.#out.push({ type: "emit", event });
  }
}

function cancelled(): WireIssue {
  return { code: "cancelled", format: "raft", path: "" };
}
