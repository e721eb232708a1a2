import { WireError } from "../../errors.js";
import type { Result, WireIssue } from "../../errors.js";
import {
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

/** Where the 25 servers are, by their id. */
export interface SetPeers {
  readonly command: "setPeers";
  readonly peers: readonly string[];
}

/** Asks for the coins of a denomination that nobody has yet. */
export interface FindFreeSerials {
  readonly command: "findFreeSerials";
  readonly denomination: number;
}

/** Asks whether nobody has a coin yet. */
export interface FindFree {
  readonly command: "findFree";
  readonly denomination: number;
  readonly serial: number;
}

type NodeCall = SetPeers | FindFreeSerials | FindFree;
type NodeAnswer = readonly number[] | boolean | undefined;

/** A server that is told things, and asked, by whoever runs it: by calls, so that a trace has them. */
export class PeeredServer implements Machine<NodeCall, NodeAnswer, RaidaServerEvent> {
  readonly halfOpen = true;
  readonly #peers: string[];
  readonly #calls = new Set<CallId>();
  /** Of the step under way. */
  #out: Effect<NodeAnswer, RaidaServerEvent>[] = [];
  readonly #node: RaidaServer;

  constructor(options: RaidaServerOptions, env: Env) {
    this.#peers = Array.from({ length: RAIDA_COUNT }, (_, id) => options.peers[id] ?? "");
    this.#node = new RaidaServer({ ...options, peers: this.#peers }, env);
  }

  step(event: Event<NodeCall>, nowMs: Millis, out: Effect<NodeAnswer, RaidaServerEvent>[]): void {
    this.#out = out;
    if (event.type === "call") return this.#call(event.id, event.request, out);
    if (event.type === "cancel") return this.#settle(event.id, { error: CANCELLED });
    this.#node.step(event, nowMs, out as ServerEffects);
  }

  nextWakeMs(): Millis {
    return this.#node.nextWakeMs();
  }

  #call(id: CallId, request: NodeCall, out: Effect<NodeAnswer, RaidaServerEvent>[]): void {
    this.#calls.add(id);
    const flaw = flawOf(request);
    if (flaw !== undefined) return this.#settle(id, { error: flaw });
    if (request.command === "setPeers") {
      request.peers.forEach((peer, raidaId) => (this.#peers[raidaId] = peer));
      return this.#settle(id, { value: undefined });
    }
    const done = (outcome: Result<number[] | boolean>): void =>
      this.#settle(id, outcome.ok ? { value: outcome.value } : { error: outcome.error });
    if (request.command === "findFree") {
      return this.#node.findFree(request.denomination, request.serial, done, out as ServerEffects);
    }
    this.#node.findFreeSerials(request.denomination, done, out as ServerEffects);
  }

  #settle(id: CallId, outcome: { readonly value: NodeAnswer } | { readonly error: WireIssue }): void {
    if (this.#calls.delete(id)) this.#out.push({ type: "settle", id, ...outcome });
  }
}

/** @throws WireError `argument` when there are not 25 */
export function checkPeers(peers: readonly string[]): void {
  const flaw = flawOf({ command: "setPeers", peers });
  if (flaw !== undefined) throw new WireError(flaw);
}

/** What is wrong with a call, if something is: its values may be of any type. */
function flawOf(request: NodeCall): WireIssue | undefined {
  const refusal = (path: string, expected: string, actual?: string): WireIssue => {
    return { code: "argument", format: "raida.node", path, offset: 0, expected, actual };
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

const CANCELLED: WireIssue = Object.freeze({ code: "cancelled", format: "raida_node", path: "", offset: 0 });

const isNumber = (value: unknown): boolean => typeof value === "number" && value >= 0;
const isCount = (most: number) => (value: unknown) =>
  Number.isInteger(value) && isNumber(value) && Number(value) <= most;
const isText = (value: unknown): boolean => typeof value === "string";
const areTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.length <= RAIDA_COUNT && value.every(isText);

export const SERVER_OPTIONS: OptionSchema<RaidaServerOptions> = {
  raidaId: isCount(RAIDA_COUNT - 1),
  peers: areTexts,
  profile: (value) => value === "strict" || value === "reference",
  coinId: isCount(0xffff),
  version: isText,
  ticketSlots: isCount(65_536),
  ticketLifeMs: isNumber,
  peerTimeoutMs: isNumber,
  threshold: isCount(RAIDA_COUNT),
  panHash: (value) => value === "md5" || value === "sha256",
  keyExchangeGroup: isCount(15),
  type45Layout: (value) => value === "c-server" || value === "natural",
  replyCounter: (value) => value === "restart" || value === "continue",
  counterBits: (value) => value === 32 || value === 128,
  adminKey: "secret",
  keyCoins: "secret",
  cFixerCompat: (value) => typeof value === "boolean",
  auditReply: (value) => value === "table" || value === "total",
  datagramBytesMax: isCount(65_507),
  limits: (value) => typeof value === "object" && value !== null && Object.values(value).every(isNumber),
};

export const CLIENT_OPTIONS: OptionSchema<RaidaClientOptions> = {
  servers: areTexts,
  coinId: isCount(0xffff),
  maxConnects: isCount(1024),
  transport: (value) => value === "auto" || value === "tcp" || value === "udp",
  encryption: "secret",
  type45Layout: (value) => value === "c-server" || value === "natural",
  replyCounter: (value) => value === "restart" || value === "continue" || value === "auto",
  readsType5: (value) => typeof value === "boolean",
  keyExchangeGroup: isCount(15),
  requestTimeoutMs: isNumber,
  encryptionHealth: (value) => typeof value === "object" && value !== null && Object.values(value).every(isNumber),
};

/** The machines of RAIDA, by the names that traces give them. */
export const RAIDA_MACHINES = {
  "raida-server": (options, env) => new PeeredServer(readOptions(options, SERVER_OPTIONS), env),
  "raida-client": (options, env) => new RaidaClient(readOptions(options, CLIENT_OPTIONS), env),
} as const satisfies MachineRegistry;
