/** Harness that carries out the effects of one RAIDA server, and builders of requests. */
import { crc32 } from "node:zlib";
import { concatBytes, own } from "../../../src/bytes/index.js";
import type { WireIssue } from "../../../src/errors.js";
import {
  AN_BYTES,
  decodeResponseHeaderLegacy,
  encodeRequestHeader,
  offsetOf,
  PAGE_BYTES,
  PAGE_COINS,
  pageKey,
  RaidaServer,
  RECORD_BYTES,
  REQUEST_HEADER_LEGACY_DEFAULTS,
  type RaidaServerEvent,
  type RaidaServerOptions,
  type RequestHeaderLegacy,
  type ResponseHeaderLegacy,
} from "../../../src/protocols/raida/index.js";
import { isPut, partOf, type Effect, type Event } from "../../../src/machine/index.js";
import { SteppedMachine } from "../../../src/testing/index.js";

export const CHALLENGE = Uint8Array.from({ length: 12 }, (_, i) => 0xa0 + i);
/** 2026-11-15: month 45. */
export const NOW_NS = BigInt(Date.UTC(2026, 10, 15)) * 1_000_000n;

/** The AN of each coin, derived from the coin. */
export function anOf(denomination: number, serial: number): Uint8Array {
  return Uint8Array.from({ length: 16 }, (_, i) => (denomination * 31 + serial * 7 + i * 13 + 1) & 0xff);
}

/**
 * One server without a host: the harness carries out its effects, at once or on demand. It throws if the server writes
 * to a link that is shut or closed.
 */
export class Harness extends SteppedMachine<never, never, RaidaServerEvent, RaidaServer> {
  readonly pages = new Map<string, Uint8Array>();
  readonly connects: { link: number; peer: string }[] = [];
  readonly written = new Map<number, Uint8Array>();
  readonly shut = new Set<number>();
  readonly datagrams: { readonly peer: string; readonly bytes: Uint8Array }[] = [];
  /** Open links, from clients and to peers. */
  readonly open = new Set<number>();
  /** Disk operations that are held back while `holdsDisk` is true. */
  readonly held: (() => void)[] = [];
  /** Largest number of disk operations that were in progress at a time. */
  heldMost = 0;
  holdsDisk = false;
  diskFails = false;
  loads = 0;
  lists = 0;
  /** Number of records of each store. */
  readonly stores: number[] = [];
  #links = 0;

  constructor(options: Partial<RaidaServerOptions> = {}) {
    let draws = 0;
    const random = (n: number): Uint8Array => Uint8Array.from({ length: n }, () => (draws++ * 37 + 11) & 0xff);
    const peers = Array.from({ length: 25 }, (_, id) => `peer:${id}`);
    super((env) => new RaidaServer({ raidaId: 3, peers, ...options }, env), {
      nowMs: 1_000,
      random,
      unixNs: () => NOW_NS,
    });
  }

  put(denomination: number, serial: number, an = anOf(denomination, serial), mfs = 0): void {
    const key = pageKey(denomination, Math.floor(serial / PAGE_COINS));
    let page = this.pages.get(key);
    if (page === undefined) this.pages.set(key, (page = new Uint8Array(PAGE_BYTES).fill(0xee)));
    page.set(an, offsetOf(serial));
    page[offsetOf(serial) + AN_BYTES] = mfs;
  }

  /** The AN and month of a coin on the disk. */
  kept(denomination: number, serial: number): { an: Uint8Array; mfs: number } {
    const page = this.pages.get(pageKey(denomination, Math.floor(serial / PAGE_COINS)))!;
    const at = offsetOf(serial);
    return { an: page.slice(at, at + AN_BYTES), mfs: page[at + AN_BYTES]! };
  }

  override step(event: Event<never>): void {
    if (event.type === "closed") this.open.delete(event.link);
    super.step(event);
  }

  protected override carryOut(effect: Effect<never, RaidaServerEvent>): void {
    switch (effect.type) {
      case "connect":
        this.connects.push({ link: effect.link, peer: effect.peer });
        this.open.add(effect.link);
        return;
      case "write":
        if (!this.open.has(effect.link)) throw new Error("writes to a link that is gone");
        this.written.set(effect.link, concatBytes(this.written.get(effect.link) ?? new Uint8Array(0), effect.bytes));
        return;
      case "shut":
        this.open.delete(effect.link);
        this.shut.add(effect.link);
        return;
      case "datagram":
        this.datagrams.push({ peer: effect.peer, bytes: effect.bytes });
        return;
      case "load":
        this.loads++;
        return this.#disk(effect.op, () => ({
          type: "loaded",
          op: effect.op,
          ...partOf(this.pages.get(effect.key)?.slice(), effect),
        }));
      case "list":
        this.lists++;
        return this.#disk(effect.op, () => {
          const keys = [...this.pages.keys()].filter((key) => key.startsWith(effect.prefix)).toSorted();
          return { type: "listed", op: effect.op, keys };
        });
      case "store":
        this.stores.push(effect.writes.filter(isPut).reduce((sum, { bytes }) => sum + bytes.length, 0) / RECORD_BYTES);
        return this.#disk(effect.op, () => {
          for (const { key, at, bytes } of effect.writes.filter(isPut)) this.pages.get(key)!.set(bytes, at);
          return { type: "stored", op: effect.op };
        });
      default:
        return;
    }
  }

  #disk(op: number, operation: () => Event<never>): void {
    const run = (): void => {
      const error: WireIssue = { code: "storage", format: "disk", path: "" };
      this.step(this.diskFails ? { type: "failed", op, error } : operation());
    };
    if (!this.holdsDisk) return run();
    this.held.push(run);
    this.heldMost = Math.max(this.heldMost, this.held.length);
  }

  /** Carries out all held disk operations, including those that follow from them. */
  release(): void {
    for (let run = this.held.shift(); run !== undefined; run = this.held.shift()) run();
  }

  /** Opens a connection and sends bytes in pieces. @returns the link */
  send(...pieces: Uint8Array[]): number {
    const link = ++this.#links;
    this.open.add(link);
    this.step({ type: "opened", link, peer: "client:1" });
    for (const piece of pieces) this.step({ type: "bytes", link, bytes: own(piece) });
    return link;
  }

  reply(link: number): Reply | undefined {
    const bytes = this.written.get(link);
    return bytes && replyOf(bytes);
  }

  ask(bytes: Uint8Array): Reply {
    const reply = this.reply(this.send(bytes));
    if (reply === undefined) throw new Error("the server has not answered");
    return reply;
  }

  /** Sends one datagram. @returns the reply, if it comes at once */
  sendDatagram(bytes: Uint8Array): Uint8Array | undefined {
    const before = this.datagrams.length;
    this.step({ type: "datagram", peer: "client:7", bytes: own(bytes) });
    if (this.datagrams.length > before + 1) throw new Error("the server has answered twice");
    const reply = this.datagrams[before];
    if (reply !== undefined && reply.peer !== "client:7") throw new Error("the server has answered somebody else");
    return reply?.bytes;
  }

  askDatagram(bytes: Uint8Array): Reply {
    const reply = this.sendDatagram(bytes);
    if (reply === undefined) throw new Error("the server has not answered");
    return replyOf(reply);
  }
}

function replyOf(bytes: Uint8Array): Reply {
  return { bytes, header: decodeResponseHeaderLegacy(bytes, 0, 32), body: bytes.subarray(32) };
}

/** A copy with some bytes changed. */
export function changed(bytes: Uint8Array, changes: Readonly<Record<number, number>>): Uint8Array {
  const copy = own(bytes);
  for (const [at, value] of Object.entries(changes)) copy[Number(at)] = value;
  return copy;
}

/** The body of a request in clear: challenge, payload and trailer. */
export function bodyOf(...payload: readonly Uint8Array[]): Uint8Array {
  return concatBytes(CHALLENGE, crcOf(CHALLENGE), ...payload, Uint8Array.of(0x3e, 0x3e));
}

/** CRC-32, big-endian. */
export function crcOf(bytes: Uint8Array): Uint8Array {
  const crc = new Uint8Array(4);
  new DataView(crc.buffer).setUint32(0, crc32(bytes));
  return crc;
}

/** A coin id on the wire: DN and SN. */
export function nameOf(denomination: number, serial: number): Uint8Array {
  const bytes = new Uint8Array(5);
  const view = new DataView(bytes.buffer);
  view.setInt8(0, denomination);
  view.setUint32(1, serial);
  return bytes;
}

/** XOR of ANs, which is their sum. */
export function xorOf(...numbers: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from({ length: 16 }, (_, i) => numbers.reduce((sum, number) => sum ^ number[i]!, 0));
}

/** A reply with a legacy header. */
export interface Reply {
  readonly bytes: Uint8Array;
  readonly header: ResponseHeaderLegacy;
  readonly body: Uint8Array;
}

/** A complete request to server 3. */
export function request(
  group: number,
  command: number,
  body: Uint8Array,
  header: Partial<Pick<RequestHeaderLegacy, "raidaId" | "coinId" | "encryptionType">> = {},
): Uint8Array {
  const nonce = Uint8Array.from([1, 2, 3, 4, 5, 6, 0xca, 0xfe]);
  return concatBytes(
    encodeRequestHeader({
      ...REQUEST_HEADER_LEGACY_DEFAULTS,
      raidaId: 3,
      commandGroup: group,
      command,
      bodyLength: body.length,
      nonce,
      ...header,
    }),
    body,
  );
}
