/** The vectors of the RAIDA recordings, read from JSON. */
import { decodeCoinFile } from "../../codec/gen/raida/index.js";
import { RAIDA_COUNT } from "../../protocols/raida/protocol.js";
import type { Field } from "../field.js";
import type { Mask } from "../verdict.js";

/** The name of a coin: denomination and serial number. */
export interface CoinId {
  readonly denomination: number;
  readonly serial: number;
}

/** A coin as one server stores it. */
export interface StoredCoin extends CoinId {
  readonly an: Uint8Array;
  readonly mfs: number;
}

/** A ticket in the pool of the recorded server. */
export interface RecordedTicket {
  readonly id: number;
  readonly coins: readonly CoinId[];
  /** Ids of the servers that have claimed the ticket. */
  readonly claims: readonly number[];
}

/** Another server, which holds one ticket and its coins. */
export interface RecordedPeer {
  readonly ticket: number;
  readonly coins: readonly CoinId[];
}

/** A locker and its coins (group 8). */
export interface RecordedLocker {
  readonly key: Uint8Array;
  readonly coins: readonly CoinId[];
}

/** A coin that the server owns, with its 25 ANs. */
export interface RecordedKeyCoin extends CoinId {
  readonly ans: readonly Uint8Array[];
}

/** The state of a server before and after a request (seeds/raida, `state`). */
export interface State {
  readonly raidaId: number;
  readonly coinId: number;
  readonly serverBuild: string;
  /** `hw` for AES-NI, where the counter continues from request to reply and overflows within 32 bits. */
  readonly aesPath: string;
  readonly mfsToday: number;
  readonly version: string | undefined;
  readonly coinsBefore: readonly StoredCoin[];
  /** The coins after the request; equal to `coinsBefore` if nothing changed. */
  readonly coinsAfter: readonly StoredCoin[];
  readonly nonexistent: readonly CoinId[];
  readonly tickets: readonly RecordedTicket[];
  /** By RAIDA id. */
  readonly peers: ReadonlyMap<number, RecordedPeer>;
  readonly lockers: readonly RecordedLocker[];
  readonly keyCoins: readonly RecordedKeyCoin[];
  /** Undefined for the built-in 1,440 bytes. */
  readonly datagramBytesMax: number | undefined;
}

/** One recorded exchange and the state around it. */
export interface RaidaVector {
  readonly name: string;
  readonly family: string;
  /** `-` if header or body is malformed on purpose. */
  readonly command: string;
  readonly transport: string;
  readonly request: Uint8Array;
  readonly response: Uint8Array;
  /** How the server ended the connection: FIN, RST if it had unread bytes, TIMEOUT if it never answered. */
  readonly tcpClose: string | undefined;
  /** The payload of the reply in clear; undefined if there is none or it cannot be decrypted. */
  readonly replyPlain: Uint8Array | undefined;
  readonly masks: readonly Mask[];
  readonly state: State;
}

/** Reads a vector. @throws WireError `argument` */
export function readVector(field: Field): RaidaVector {
  const state = field.get("state");
  const close = field.get("tcp_close");
  const fields = field.get("fields");
  const plain = fields.exists ? fields.get("response").get("body_plain") : fields;
  return {
    name: field.get("name").text(),
    family: field.get("family").text(),
    command: field.get("command").text(),
    transport: field.get("transport").text(),
    request: field.get("request_hex").bytes(),
    response: field.get("response_hex").bytes(),
    tcpClose: close.isGiven ? close.text() : undefined,
    replyPlain: plain.isGiven ? plain.bytes() : undefined,
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
  const datagramBytesMax = field.get("udp_effective_payload");
  return {
    raidaId: readRaidaId(field.get("raida_id")),
    coinId: field.get("coin_id").integer(0, 0xffff),
    serverBuild: field.get("server_build").text(),
    aesPath: field.get("aes_path").text(),
    mfsToday: field.get("mfs_today").integer(0, 255),
    version: version.exists ? version.text() : undefined,
    coinsBefore,
    coinsAfter: after.exists ? after.items().map(readStoredCoin) : coinsBefore,
    nonexistent: optionalItems(field.get("nonexistent")).map(readPair),
    tickets: optionalItems(field.get("tickets")).map(readTicket),
    peers: readPeers(field.get("peers")),
    lockers: optionalItems(field.get("lockers")).map(readLocker),
    keyCoins: optionalItems(field.get("coin_files")).map(readCoinFile),
    datagramBytesMax: datagramBytesMax.exists ? datagramBytesMax.integer(1, 65_507) : undefined,
  };
}

function readTicket(field: Field): RecordedTicket {
  return {
    id: readTicketId(field.get("ticket_id")),
    coins: optionalItems(field.get("coins")).map(readCoin),
    claims: field.get("claims").items().map(readRaidaId),
  };
}

function readLocker(field: Field): RecordedLocker {
  return { key: field.get("an").bytes(16), coins: field.get("coins").items().map(readPair) };
}

/** The coin of a path like `coins/01.600.bin`: the denomination as a hexadecimal byte, the serial number in decimal. */
function readCoinFile(field: Field): RecordedKeyCoin {
  const [, denomination, serial] = /([0-9a-f]{2})\.(\d+)\.bin$/.exec(field.get("path").text()) ?? [];
  if (denomination === undefined || serial === undefined) throw field.get("path").refuse("DN.SN.bin");
  const { ans } = decodeCoinFile(field.get("hex").bytes());
  return {
    denomination: (parseInt(denomination, 16) << 24) >> 24,
    serial: Number(serial),
    ans: ans.map(({ an }) => an),
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

function readCoin(field: Field): CoinId {
  return coinOf(field.get("den"), field.get("sn"));
}

function readPair(field: Field): CoinId {
  const [denomination, serial, ...rest] = field.items();
  if (denomination === undefined || serial === undefined || rest.length > 0) throw field.refuse("[den, sn]");
  return coinOf(denomination, serial);
}

function coinOf(denomination: Field, serial: Field): CoinId {
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
