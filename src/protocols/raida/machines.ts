/** The machines of RAIDA: a server that takes calls, and the registry by which traces are replayed. */
import { WireError } from "../../errors.js";
import type { Result, WireIssue } from "../../errors.js";
import {
  DeadlineHeap,
  OPTION_CHECKS,
  readOptions,
  type CallId,
  type Effect,
  type Env,
  type Event,
  type Machine,
  type MachineRegistry,
  type Millis,
  type OptionSchema,
} from "../../machine/index.js";
import { RaidaClient, type RaidaClientOptions } from "./client/client-machine.js";
import type { ServerEffects, RaidaServerEvent } from "./server/context.js";
import { RaidaServer } from "./server/server-machine.js";
import type { RaidaServerOptions } from "./server/options.js";
import { RAIDA_COUNT } from "./protocol.js";
import { areServerKinds } from "./server-kinds.js";

/** A call that tells a server the addresses of all 25 servers, by id. */
export interface SetPeers {
  readonly command: "setPeers";
  readonly peers: readonly string[];
}

/** A call that asks for the free coins of a denomination. */
export interface FindFreeSerials {
  readonly command: "findFreeSerials";
  readonly denomination: number;
}

/** A call that asks whether a coin is free. */
export interface FindFree {
  readonly command: "findFree";
  readonly denomination: number;
  readonly serial: number;
}

type ServerCall = SetPeers | FindFreeSerials | FindFree;
type ServerAnswer = readonly number[] | boolean | undefined;

/** A RAIDA server whose operator sets peers and asks for free coins by calls, so that a trace records them. */
export class CallableServer implements Machine<ServerCall, ServerAnswer, RaidaServerEvent> {
  readonly halfOpen = true;
  readonly #peers: string[];
  /** Open calls: one waits for the disk, which may take any time. */
  readonly #calls = new DeadlineHeap<CallId>();
  /** Effects of the current step. */
  #out: Effect<ServerAnswer, RaidaServerEvent>[] = [];
  readonly #server: RaidaServer;

  constructor(options: RaidaServerOptions, env: Env) {
    this.#peers = Array.from({ length: RAIDA_COUNT }, (_, id) => options.peers[id] ?? "");
    this.#server = new RaidaServer({ ...options, peers: this.#peers }, env);
  }

  step(event: Event<ServerCall>, nowMs: Millis, out: Effect<ServerAnswer, RaidaServerEvent>[]): void {
    this.#out = out;
    if (event.type === "call") {
      this.#calls.set(event.id, event.deadlineMs);
      if (event.deadlineMs > nowMs) return this.#call(event.id, event.request, out);
    }
    for (let id = this.#calls.popDue(nowMs); id !== undefined; id = this.#calls.popDue(nowMs)) {
      out.push({ type: "settle", id, error: TIMEOUT });
    }
    if (event.type === "call") return;
    if (event.type === "cancel") return this.#settle(event.id, { error: CANCELLED });
    this.#server.step(event, nowMs, out as ServerEffects);
  }

  nextWakeMs(): Millis {
    return Math.min(this.#server.nextWakeMs(), this.#calls.nextMs);
  }

  #call(id: CallId, request: ServerCall, out: Effect<ServerAnswer, RaidaServerEvent>[]): void {
    const refused = refusalOf(request);
    if (refused !== undefined) return this.#settle(id, { error: refused });
    if (request.command === "setPeers") {
      request.peers.forEach((peer, raidaId) => (this.#peers[raidaId] = peer));
      return this.#settle(id, { value: undefined });
    }
    const done = (outcome: Result<number[] | boolean>): void =>
      this.#settle(id, outcome.ok ? { value: outcome.value } : { error: outcome.error });
    if (request.command === "findFree") {
      return this.#server.findFree(request.denomination, request.serial, done, out as ServerEffects);
    }
    this.#server.findFreeSerials(request.denomination, done, out as ServerEffects);
  }

  #settle(id: CallId, outcome: { readonly value: ServerAnswer } | { readonly error: WireIssue }): void {
    if (this.#calls.delete(id)) this.#out.push({ type: "settle", id, ...outcome });
  }
}

/** @throws WireError `argument` when there are not 25 */
export function checkPeers(peers: readonly string[]): void {
  const refused = refusalOf({ command: "setPeers", peers });
  if (refused !== undefined) throw new WireError(refused);
}

/** The reason to refuse a call; undefined for a valid call. Callers without types may pass any value. */
function refusalOf(request: ServerCall): WireIssue | undefined {
  const refusal = (path: string, expected: string, actual?: string): WireIssue => {
    return { code: "argument", format: "raida", path, expected, actual };
  };
  if (request.command === "setPeers") {
    const { peers } = request;
    if (areTexts(peers) && peers.length === RAIDA_COUNT) return undefined;
    return refusal("peers", `${RAIDA_COUNT} servers`, Array.isArray(peers) ? String(peers.length) : typeof peers);
  }
  const { denomination } = request;
  if (!Number.isInteger(denomination)) return refusal("denomination", "a whole number");
  // A serial number that no coin has is not free.
  if (request.command === "findFree" && !Number.isInteger(request.serial)) return refusal("serial", "a whole number");
  return undefined;
}

const CANCELLED: WireIssue = Object.freeze({ code: "cancelled", format: "raida", path: "" });
const TIMEOUT: WireIssue = Object.freeze({ code: "timeout", format: "raida", path: "" });

const { isNumber, isText, isFlag } = OPTION_CHECKS;
const isCount = (max: number) => (value: unknown) => Number.isInteger(value) && isNumber(value) && Number(value) <= max;
const areTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.length <= RAIDA_COUNT && OPTION_CHECKS.areTexts(value);

/** The schema of a server's options, as traces store them. */
export const SERVER_OPTIONS: OptionSchema<RaidaServerOptions> = {
  raidaId: isCount(RAIDA_COUNT - 1),
  peers: areTexts,
  profile: (value) => value === "strict" || value === "reference",
  coinId: isCount(0xffff),
  version: isText,
  ticketSlots: isCount(65_536),
  ticketsPerPrefixMax: isCount(65_536),
  ticketLifeMs: isNumber,
  peerTimeoutMs: isNumber,
  kinds: areServerKinds,
  fixesMax: isCount(1_024),
  fixesPerPrefixMax: isCount(1_024),
  threshold: isCount(RAIDA_COUNT),
  panHash: (value) => value === "md5" || value === "sha256",
  keyExchangeGroup: isCount(15),
  type45Layout: (value) => value === "c-server" || value === "natural",
  replyCounter: (value) => value === "restart" || value === "continue",
  counterBits: (value) => value === 32 || value === 128,
  adminKey: "secret",
  keyCoins: "secret",
  cFixerCompat: isFlag,
  auditReply: (value) => value === "table" || value === "total",
  datagramBytesMax: isCount(65_507),
  limits: (value) => typeof value === "object" && value !== null && Object.values(value).every(isNumber),
};

/** The schema of a client's options, as traces store them. */
export const CLIENT_OPTIONS: OptionSchema<RaidaClientOptions> = {
  servers: areTexts,
  kinds: areServerKinds,
  fixersMax: isCount(RAIDA_COUNT),
  coinId: isCount(0xffff),
  maxConnects: isCount(1024),
  transport: (value) => value === "auto" || value === "tcp" || value === "udp",
  encryption: "secret",
  type45Layout: (value) => value === "c-server" || value === "natural",
  replyCounter: (value) => value === "restart" || value === "continue" || value === "auto",
  readsType5: isFlag,
  keyExchangeGroup: isCount(15),
  requestTimeoutMs: isNumber,
  encryptionHealth: (value) => typeof value === "object" && value !== null && Object.values(value).every(isNumber),
};

/** The machines of RAIDA by their names in traces. */
export const RAIDA_MACHINES = {
  "raida-server": (options, env) => new CallableServer(readOptions(options, SERVER_OPTIONS), env),
  "raida-client": (options, env) => new RaidaClient(readOptions(options, CLIENT_OPTIONS), env),
} as const satisfies MachineRegistry;
