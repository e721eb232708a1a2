import { RAIDA_COUNT } from "../../../raida/protocol.js";
import type { Field } from "../fields.js";
import type { Mask } from "../verdict.js";

/** A coin's name, as the recordings and the codecs both have it. */
export interface CoinName {
  readonly denomination: number;
  readonly serial: number;
}

/** A coin on one server. */
export interface StoredCoin extends CoinName {
  readonly an: Uint8Array;
  readonly mfs: number;
}

export interface RecordedTicket {
  readonly id: number;
  readonly coins: readonly CoinName[];
  /** Ids of those who have claimed it. */
  readonly claims: readonly number[];
}

/** What another server holds: one ticket and its coins. */
export interface RecordedPeer {
  readonly ticket: number;
  readonly coins: readonly CoinName[];
}

/** What a server holds before and after (seeds/raida, `state`). */
export interface State {
  readonly raidaId: number;
  readonly coinId: number;
  readonly serverBuild: string;
  readonly mfsToday: number;
  readonly version: string | undefined;
  readonly coinsBefore: readonly StoredCoin[];
  /** What the store holds afterwards; the coins before where nothing changed. */
  readonly coinsAfter: readonly StoredCoin[];
  readonly nonexistent: readonly CoinName[];
  readonly tickets: readonly RecordedTicket[];
  /** By RAIDA id. */
  readonly peers: ReadonlyMap<number, RecordedPeer>;
}

export interface RaidaVector {
  readonly name: string;
  readonly family: string;
  /** `-` where a header or a body is malformed on purpose. */
  readonly command: string;
  readonly transport: string;
  readonly request: Uint8Array;
  readonly response: Uint8Array;
  readonly masks: readonly Mask[];
  readonly state: State;
}

/** @throws WireError `argument` */
export function readVector(field: Field): RaidaVector {
  const state = field.get("state");
  return {
    name: field.get("name").text(),
    family: field.get("family").text(),
    command: field.get("command").text(),
    transport: field.get("transport").text(),
    request: field.get("request_hex").bytes(),
    response: field.get("response_hex").bytes(),
    masks: field.get("nondeterministic").items().map(readMask),
    state: readState(state),
  };
}

function readMask(field: Field): Mask {
  const start = field.get("start").integer(0, 0xffff_ffff);
  return { start, end: field.get("end").integer(start, 0xffff_ffff) };
}

function readState(field: Field): State {
  const coinsBefore = field.get("coins_before").items().map(readStoredCoin);
  const after = field.get("coins_after");
  const version = field.get("version");
  return {
    raidaId: readRaidaId(field.get("raida_id")),
    coinId: field.get("coin_id").integer(0, 0xffff),
    serverBuild: field.get("server_build").text(),
    mfsToday: field.get("mfs_today").integer(0, 255),
    version: version.exists ? version.text() : undefined,
    coinsBefore,
    coinsAfter: after.exists ? after.items().map(readStoredCoin) : coinsBefore,
    nonexistent: optionalItems(field.get("nonexistent")).map(readPair),
    tickets: optionalItems(field.get("tickets")).map(readTicket),
    peers: readPeers(field.get("peers")),
  };
}

function readTicket(field: Field): RecordedTicket {
  return {
    id: readTicketId(field.get("ticket_id")),
    coins: optionalItems(field.get("coins")).map(readCoin),
    claims: field.get("claims").items().map(readRaidaId),
  };
}

function readPeers(field: Field): ReadonlyMap<number, RecordedPeer> {
  const peers = new Map<number, RecordedPeer>();
  if (!field.exists) return peers;
  for (const [name, peer] of field.members()) {
    const id = Number(name);
    if (!/^\d+$/.test(name) || id >= RAIDA_COUNT) throw peer.refuse(`a RAIDA id below ${RAIDA_COUNT} as its name`);
    peers.set(id, { ticket: readTicketId(peer.get("ticket")), coins: peer.get("coins").items().map(readCoin) });
  }
  return peers;
}

function readStoredCoin(field: Field): StoredCoin {
  return { ...readCoin(field), an: field.get("an").bytes(16), mfs: field.get("mfs").integer(0, 255) };
}

function readCoin(field: Field): CoinName {
  return coinOf(field.get("den"), field.get("sn"));
}

function readPair(field: Field): CoinName {
  const [denomination, serial, ...rest] = field.items();
  if (denomination === undefined || serial === undefined || rest.length > 0) throw field.refuse("[den, sn]");
  return coinOf(denomination, serial);
}

function coinOf(denomination: Field, serial: Field): CoinName {
  return { denomination: denomination.integer(-128, 127), serial: serial.integer(0, 0xffff_ffff) };
}

function readRaidaId(field: Field): number {
  return field.integer(0, RAIDA_COUNT - 1);
}

function readTicketId(field: Field): number {
  return new DataView(field.bytes(4).slice().buffer).getUint32(0);
}

function optionalItems(field: Field): Field[] {
  return field.exists ? field.items() : [];
}
