import { WireError } from "../errors.js";
import {
  readOptions,
  type Effect,
  type Env,
  type Event,
  type Machine,
  type MachineRegistry,
  type Millis,
  type OptionForms,
} from "../machine/index.js";
import { RaidaClient, type RaidaClientOptions } from "./client/client-machine.js";
import type { RaidaNodeEvent } from "./node/context.js";
import { RaidaNode } from "./node/node-machine.js";
import type { RaidaNodeOptions } from "./node/options.js";
import { RAIDA_COUNT } from "./protocol.js";

/** Where the 25 servers are, by their id. */
export interface SetPeers {
  readonly command: "setPeers";
  readonly peers: readonly string[];
}

/** A server that is told where the others are while it runs: by a call, so that a trace has it. */
export class PeeredNode implements Machine<SetPeers, undefined, RaidaNodeEvent> {
  readonly halfOpen = true;
  readonly #peers: string[];
  readonly #node: RaidaNode;

  constructor(options: RaidaNodeOptions, env: Env) {
    this.#peers = Array.from({ length: RAIDA_COUNT }, (_, id) => options.peers[id] ?? "");
    this.#node = new RaidaNode({ ...options, peers: this.#peers }, env);
  }

  step(event: Event<SetPeers>, nowMs: Millis, out: Effect<undefined, RaidaNodeEvent>[]): void {
    if (event.type !== "call") return this.#node.step(event, nowMs, out as Effect<never, RaidaNodeEvent>[]);
    const { peers } = event.request;
    checkPeers(peers);
    peers.forEach((peer, id) => (this.#peers[id] = peer));
    out.push({ type: "settle", id: event.id, value: undefined });
  }

  nextWakeMs(): Millis {
    return this.#node.nextWakeMs();
  }
}

/** @throws WireError `argument` when there are not 25 */
export function checkPeers(peers: readonly string[]): void {
  if (peers.length === RAIDA_COUNT) return;
  const [expected, actual] = [`${RAIDA_COUNT} servers`, String(peers.length)];
  throw new WireError({ code: "argument", format: "raida.node", path: "peers", offset: 0, expected, actual });
}

const isNumber = (value: unknown): boolean => typeof value === "number" && value >= 0;
const isCount = (most: number) => (value: unknown) =>
  Number.isInteger(value) && isNumber(value) && Number(value) <= most;
const isText = (value: unknown): boolean => typeof value === "string";
const areTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.length <= RAIDA_COUNT && value.every(isText);

export const NODE_OPTIONS: OptionForms<RaidaNodeOptions> = {
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

export const CLIENT_OPTIONS: OptionForms<RaidaClientOptions> = {
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
  "raida-node": (options, env) => new PeeredNode(readOptions(options, NODE_OPTIONS), env),
  "raida-client": (options, env) => new RaidaClient(readOptions(options, CLIENT_OPTIONS), env),
} as const satisfies MachineRegistry;
