/** Plays a recorded request to our RAIDA server, with its disk and the other servers. */
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
import { isPut, partOf, type Effect, type Env, type Event, type LinkId } from "../../machine/index.js";
import { CoinColumns } from "../../protocols/raida/server/coin-columns.js";
import type { RaidaServerEvent } from "../../protocols/raida/server/context.js";
import { RaidaServer } from "../../protocols/raida/server/server-machine.js";
import type { RaidaServerOptions } from "../../protocols/raida/server/options.js";
import { RAIDA_COUNT } from "../../protocols/raida/protocol.js";
import { CoinStore } from "./store.js";
import type { State } from "./vector.js";

/** What the server did with one connection or datagram. */
export interface Played {
  readonly reply: Uint8Array;
  /** True if the server closed the connection. */
  readonly isShut: boolean;
  /** Bytes of the request that the server had when it answered; undefined if it did not. */
  readonly answeredAt: number | undefined;
  readonly store: CoinStore;
  /** What the server did against the rules of machines or of the protocol. */
  readonly faults: readonly string[];
}

const CLIENT: LinkId = 1;
/** Twelve random bytes and their CRC-32, which a reply repeats. */
const CHALLENGE_BYTES = 16;

/** The options of a server that imitates the recorded one. */
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
 * Puts a server into a recorded state, sends it a request, and plays its disk and the other servers.
 * @param pieces the request in the pieces in which a connection delivers it; one piece by UDP
 */
export function play(state: State, transport: "tcp" | "udp", pieces: readonly Uint8Array[]): Played {
  const store = new CoinStore(state);
  const server = new RaidaServer(optionsOf(state), envOf(state));
  for (const { key, coins } of state.lockers) server.lockers.put(key, coins);
  for (const { id, coins, claims } of state.tickets) {
    const claimed = claims.reduce((bits, claimer) => bits | (1 << claimer), 0);
    server.tickets.put({ id, coins: CoinColumns.of(coins), claims: claimed }, 0);
  }
  const faults: string[] = [];
  const written: Uint8Array[] = [];
  const closed = new Set<LinkId>();
  const peers = new Map<LinkId, number>();
  let given = 0;
  let answeredAt: number | undefined;
  /** Events of disk and peers; they precede the next piece of the client, as if they took no time. */
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
        events.push({ type: "loaded", op: effect.op, ...partOf(store.load(effect.key)?.slice(), effect) });
        return;
      case "list":
        events.push({ type: "listed", op: effect.op, keys: store.keys(effect.prefix) });
        return;
      case "store":
        for (const { key, at, bytes } of effect.writes.filter(isPut)) store.store(key, at, bytes);
        events.push({ type: "stored", op: effect.op });
        return;
      case "connect":
        peers.set(effect.link, Number(effect.peer.slice("raida:".length)));
        events.push({ type: "opened", link: effect.link, peer: effect.peer });
        return;
      case "write":
        if (closed.has(effect.link)) faults.push(`the server wrote to link ${effect.link} after it had shut it`);
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
        if (effect.peer !== "client") faults.push(`the server sent a datagram to ${effect.peer}`);
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
    server.step(event, 0, out);
    // The bytes of an event are lent: overwriting them exposes a machine that keeps them.
    if (event.type === "bytes" || event.type === "datagram") event.bytes.fill(0xa5);
    out.forEach(carry);
  }
  return { reply: concatBytes(...written), isShut: closed.has(CLIENT), answeredAt, store, faults };
}

/** The reply of another server, which knows one ticket and its coins. */
function answer({ raidaId, coinId, peers }: State, id: number, request: Uint8Array, faults: string[]): Uint8Array {
  if (id === raidaId) faults.push("the server sent a request to itself");
  const header = tryDecodeRequestHeaderLegacy(request, 0, REQUEST_HEADER_LEGACY_SIZE);
  const validation = tryDecodeValidateTicketRequest(request, REQUEST_HEADER_LEGACY_SIZE);
  const isProper =
    header.ok &&
    validation.ok &&
    header.value.raidaId === id &&
    header.value.coinId === coinId &&
    header.value.commandGroup === CommandGroup.healing &&
    header.value.command === HealingCommand.validateTicket &&
    validation.value.claimerId === raidaId;
  if (!isProper) {
    faults.push(`the server sent RAIDA ${id} another request than validate_ticket`);
    return new Uint8Array(0);
  }
  const peer = peers.get(id);
  const isKnown = peer !== undefined && peer.ticket === validation.value.ticket;
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

/** An environment with the month of the recording. Its random bytes count up, because random fields are masked. */
function envOf({ mfsToday }: State): Env {
  let next = 0;
  return {
    random: (n) => Uint8Array.from({ length: n }, () => (next = (next + 1) & 0xff)),
    // MFS counts months from February 2023, which is month 1 of JavaScript.
    unixNs: () => BigInt(Date.UTC(2023, 1 + mfsToday, 15)) * 1_000_000n,
  };
}
