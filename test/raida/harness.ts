import { concatBytes, own } from "../../src/bytes/index.js";
import {
  AN_BYTES,
  decodeResponseHeaderLegacy,
  encodeRequestHeader,
  offsetOf,
  PAGE_BYTES,
  PAGE_COINS,
  pageKey,
  RaidaNode,
  REQUEST_HEADER_LEGACY_DEFAULTS,
  type RaidaNodeOptions,
  type ResponseHeaderLegacy,
} from "../../src/raida/index.js";
import type { Effect, Env, Event } from "../../src/machine/index.js";

export const CHALLENGE = Uint8Array.from({ length: 12 }, (_, i) => 0xa0 + i);
/** 2026-11-15: month 45. */
export const NOW_NS = BigInt(Date.UTC(2026, 10, 15)) * 1_000_000n;

/** A number for each coin, the same every time. */
export function anOf(denomination: number, serial: number): Uint8Array {
  return Uint8Array.from({ length: 16 }, (_, i) => (denomination * 31 + serial * 7 + i * 13 + 1) & 0xff);
}

/** One node without a world: its effects are carried out here, at once or when a test says so. */
export class Bench {
  readonly node: RaidaNode;
  readonly pages = new Map<string, Uint8Array>();
  readonly connects: { link: number; peer: string }[] = [];
  readonly written = new Map<number, Uint8Array>();
  readonly shut = new Set<number>();
  readonly emitted: unknown[] = [];
  nowMs = 1_000;
  /** Operations that wait while `holdsDisk` is true. */
  readonly held: (() => void)[] = [];
  holdsDisk = false;
  diskFails = false;
  #links = 0;
  #draws = 0;

  constructor(options: Partial<RaidaNodeOptions> = {}) {
    const env: Env = {
      random: (n) => Uint8Array.from({ length: n }, () => (this.#draws++ * 37 + 11) & 0xff),
      unixNs: () => NOW_NS,
    };
    const peers = Array.from({ length: 25 }, (_, id) => `peer:${id}`);
    this.node = new RaidaNode({ raidaId: 3, peers, ...options }, env);
  }

  put(denomination: number, serial: number, an = anOf(denomination, serial), mfs = 0): void {
    const key = pageKey(denomination, Math.floor(serial / PAGE_COINS));
    let page = this.pages.get(key);
    if (page === undefined) this.pages.set(key, (page = new Uint8Array(PAGE_BYTES).fill(0xee)));
    page.set(an, offsetOf(serial));
    page[offsetOf(serial) + AN_BYTES] = mfs;
  }

  /** What is on the disk. */
  kept(denomination: number, serial: number): { an: Uint8Array; mfs: number } {
    const page = this.pages.get(pageKey(denomination, Math.floor(serial / PAGE_COINS)))!;
    const at = offsetOf(serial);
    return { an: page.slice(at, at + AN_BYTES), mfs: page[at + AN_BYTES]! };
  }

  step(event: Event<never>): void {
    const out: Effect<never, unknown>[] = [];
    this.node.step(event, this.nowMs, out as never);
    if (event.type === "bytes") event.bytes.fill(0xdb);
    for (const effect of out) this.#carryOut(effect);
  }

  #carryOut(effect: Effect<never, unknown>): void {
    switch (effect.type) {
      case "connect":
        this.connects.push({ link: effect.link, peer: effect.peer });
        return;
      case "write":
        this.written.set(effect.link, concatBytes(this.written.get(effect.link) ?? new Uint8Array(0), effect.bytes));
        return;
      case "shut":
        this.shut.add(effect.link);
        return;
      case "load":
        return this.#disk(() =>
          this.diskFails
            ? this.step({
                type: "failed",
                op: effect.op,
                error: { code: "storage", format: "disk", path: "", offset: 0 },
              })
            : this.step({ type: "loaded", op: effect.op, bytes: this.pages.get(effect.key) }),
        );
      case "store":
        return this.#disk(() => {
          if (this.diskFails) {
            this.step({
              type: "failed",
              op: effect.op,
              error: { code: "storage", format: "disk", path: "", offset: 0 },
            });
            return;
          }
          this.pages.get(effect.key)!.set(effect.bytes, effect.at);
          this.step({ type: "stored", op: effect.op });
        });
      case "emit":
        this.emitted.push(effect.event);
        return;
      default:
        return;
    }
  }

  #disk(operation: () => void): void {
    if (this.holdsDisk) this.held.push(operation);
    else operation();
  }

  /** Opens a connection and sends bytes in pieces. @returns the link */
  send(...pieces: Uint8Array[]): number {
    const link = ++this.#links;
    this.step({ type: "opened", link, peer: "client:1" });
    for (const piece of pieces) this.step({ type: "bytes", link, bytes: own(piece) });
    return link;
  }

  reply(link: number): Reply | undefined {
    const bytes = this.written.get(link);
    if (bytes === undefined) return undefined;
    return { bytes, header: decodeResponseHeaderLegacy(bytes, 0, 32), body: bytes.subarray(32) };
  }

  ask(bytes: Uint8Array): Reply {
    const reply = this.reply(this.send(bytes));
    if (reply === undefined) throw new Error("the node has not answered");
    return reply;
  }
}

export interface Reply {
  readonly bytes: Uint8Array;
  readonly header: ResponseHeaderLegacy;
  readonly body: Uint8Array;
}

/** A whole request to node 3. */
export function request(
  group: number,
  command: number,
  body: Uint8Array,
  header: Partial<{ raidaId: number; coinId: number; encryptionType: number }> = {},
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
