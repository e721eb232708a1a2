import { concatBytes } from "../../bytes/index.js";
import {
  CommandGroup,
  encodeResponseHeaderLegacy,
  encodeValidateTicketReply,
  HealingCommand,
  REQUEST_HEADER_LEGACY_SIZE,
  RESPONSE_HEADER_LEGACY_DEFAULTS,
  Status,
  tryDecodeRequestHeaderLegacy,
  tryDecodeValidateTicketRequest,
} from "../../codec/gen/raida/index.js";
import type { Effect, Env, Event, LinkId } from "../../machine/index.js";
import { CoinColumns } from "../../protocols/raida/server/coin-columns.js";
import type { RaidaServerEvent } from "../../protocols/raida/server/context.js";
import { RaidaServer } from "../../protocols/raida/server/server-machine.js";
import type { RaidaServerOptions } from "../../protocols/raida/server/options.js";
import { RAIDA_COUNT } from "../../protocols/raida/protocol.js";
import { CoinStore } from "./store.js";
import type { State } from "./vector.js";

/** What a node did with one connection. */
export interface Played {
  readonly reply: Uint8Array;
  /** Whether the node closed the connection. */
  readonly isShut: boolean;
  /** Bytes of the request that it had been given when it answered; undefined without an answer. */
  readonly answeredAt: number | undefined;
  readonly store: CoinStore;
  /** What it did that no server may do. */
  readonly faults: readonly string[];
}

const CLIENT: LinkId = 1;
/** Twelve random bytes and their checksum, which a reply repeats. */
const CHALLENGE_BYTES = 16;

/** How a node is that imitates the recorded server. */
function optionsOf(state: State): RaidaServerOptions {
  const isHardware = state.aesPath === "hw";
  return {
    raidaId: state.raidaId,
    peers: Array.from({ length: RAIDA_COUNT }, (_, id) => `raida:${id}`),
    profile: "reference",
    coinId: state.coinId,
    replyCounter: isHardware ? "continue" : "restart",
    counterBits: isHardware ? 32 : 128,
    keyCoins: state.keyCoins,
    ...(state.version === undefined ? {} : { version: state.version }),
    ...(state.datagramBytesMax === undefined ? {} : { datagramBytesMax: state.datagramBytesMax }),
  };
}

/**
 * Puts a node into a recorded state, sends it a request, and plays its disk and the other servers.
 * @param pieces of a connection; a request by UDP is one
 */
export function play(state: State, transport: "tcp" | "udp", pieces: readonly Uint8Array[]): Played {
  const store = new CoinStore(state);
  const node = new RaidaServer(optionsOf(state), envOf(state));
  for (const { key, coins } of state.lockers) node.lockers.put(key, coins);
  for (const { id, coins, claims } of state.tickets) {
    const claimed = claims.reduce((bits, claimer) => bits | (1 << claimer), 0);
    node.tickets.put({ id, coins: CoinColumns.of(coins), claims: claimed }, 0);
  }
  const faults: string[] = [];
  const written: Uint8Array[] = [];
  const closed = new Set<LinkId>();
  const peers = new Map<LinkId, number>();
  let given = 0;
  let answeredAt: number | undefined;
  /** What the world answers comes before the client's next piece, as if it took no time. */
  const events: Event<never>[] = [];
  const fromClient: Event<never>[] = [];
  if (transport === "tcp") fromClient.push({ type: "opened", link: CLIENT, peer: "client" });
  for (const piece of pieces) {
    const bytes = piece.slice();
    const isStream = transport === "tcp";
    fromClient.push(isStream ? { type: "bytes", link: CLIENT, bytes } : { type: "datagram", peer: "client", bytes });
  }
  const next = (): Event<never> | undefined => events.shift() ?? fromClient.shift();

  const carry = (effect: Effect<never, RaidaServerEvent>): void => {
    switch (effect.type) {
      case "load":
        events.push({ type: "loaded", op: effect.op, bytes: store.load(effect.key)?.slice() });
        return;
      case "store":
        for (const { key, at, bytes } of effect.writes) store.store(key, at, bytes);
        events.push({ type: "stored", op: effect.op });
        return;
      case "connect":
        peers.set(effect.link, Number(effect.peer.slice("raida:".length)));
        events.push({ type: "opened", link: effect.link, peer: effect.peer });
        return;
      case "write":
        if (closed.has(effect.link)) faults.push(`the node wrote to link ${effect.link} after it had shut it`);
        else if (effect.link === CLIENT) {
          written.push(effect.bytes);
          answeredAt ??= given;
        } else
          events.push({
            type: "bytes",
            link: effect.link,
            bytes: answer(state, peers.get(effect.link)!, effect.bytes, faults),
          });
        return;
      case "datagram":
        if (effect.peer !== "client") faults.push(`the node sent a datagram to ${effect.peer}`);
        written.push(effect.bytes);
        return;
      case "shut":
        closed.add(effect.link);
        events.push({ type: "closed", link: effect.link });
        return;
      default:
        return;
    }
  };
  for (let event = next(); event !== undefined; event = next()) {
    if (event.type === "bytes" && closed.has(event.link)) continue;
    if (event.type === "bytes" && event.link === CLIENT) given += event.bytes.length;
    const out: Effect<never, RaidaServerEvent>[] = [];
    node.step(event, 0, out);
    // Bytes of an event are lent: whoever kept them shall notice.
    if (event.type === "bytes" || event.type === "datagram") event.bytes.fill(0xa5);
    out.forEach(carry);
  }
  return { reply: concatBytes(...written), isShut: closed.has(CLIENT), answeredAt, store, faults };
}

/** Another server: it knows one ticket, and tells its coins once. */
function answer({ raidaId, coinId, peers }: State, id: number, request: Uint8Array, faults: string[]): Uint8Array {
  if (id === raidaId) faults.push("the node asked itself");
  const header = tryDecodeRequestHeaderLegacy(request, 0, REQUEST_HEADER_LEGACY_SIZE);
  const question = tryDecodeValidateTicketRequest(request, REQUEST_HEADER_LEGACY_SIZE);
  const isProper =
    header.ok &&
    question.ok &&
    header.value.raidaId === id &&
    header.value.coinId === coinId &&
    header.value.commandGroup === CommandGroup.healing &&
    header.value.command === HealingCommand.validateTicket &&
    question.value.claimerId === raidaId;
  if (!isProper) {
    faults.push(`the node asked RAIDA ${id} something else than to validate a ticket`);
    return new Uint8Array(0);
  }
  const peer = peers.get(id);
  const isKnown = peer !== undefined && peer.ticket === question.value.ticket;
  const body = isKnown ? encodeValidateTicketReply({ coins: [...peer.coins] }) : new Uint8Array(0);
  const reply = encodeResponseHeaderLegacy({
    ...RESPONSE_HEADER_LEGACY_DEFAULTS,
    raidaId: id,
    status: isKnown ? Status.success : Status.errorNoTicketFound,
    commandGroup: CommandGroup.healing,
    echo: 0,
    bodyLength: body.length,
    executionTimeUs: 0,
    challengeHash: request.subarray(REQUEST_HEADER_LEGACY_SIZE, REQUEST_HEADER_LEGACY_SIZE + CHALLENGE_BYTES),
  });
  return concatBytes(reply, body);
}

/** The month of the recording, and bytes that only count: what is random is masked. */
function envOf({ mfsToday }: State): Env {
  let next = 0;
  return {
    random: (n) => Uint8Array.from({ length: n }, () => (next = (next + 1) & 0xff)),
    // MFS counts the months from February 2023; month 1 of JavaScript is February.
    unixNs: () => BigInt(Date.UTC(2023, 1 + mfsToday, 15)) * 1_000_000n,
  };
}
