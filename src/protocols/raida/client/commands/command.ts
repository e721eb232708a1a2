import { own } from "../../../../bytes/index.js";
import { WireError, type Result, type WireIssue } from "../../../../errors.js";
import {
  Status,
  tryDecodeMixedReply,
  type CoinId,
  type CoinAn,
  type CoinAnPan,
} from "../../../../codec/gen/raida/index.js";
import { statusError } from "../../protocol.js";
import type { Padding, PlainRequest } from "../plain-request.js";
import type { RaidaCommand, RaidaReplies, RaidaRequest, RequestOf } from "../requests.js";
import type { Answer } from "../encrypted-request.js";

export interface CommandOptions {
  /** Kind of coin. */
  readonly coinId: number;
  readonly random: (n: number) => Uint8Array;
  /** The locker's key that encrypts requests, where one does. */
  readonly lockerKey?: Uint8Array | undefined;
}

/** How a client asks one command, and reads what is answered. */
export interface ClientCommand<C extends RaidaCommand> {
  readonly group: number;
  readonly number: number;
  readonly modern: PlainRequest["modern"];
  readonly isIdempotent: boolean;
  readonly isClear?: boolean;
  readonly filling?: Padding;
  readonly anyLength?: PlainRequest["anyLength"];
  /** Coins, or what else is answered one by one. */
  count(request: RequestOf<C>): number;
  /** What is wrong with the request itself. @throws WireError `argument` */
  check?(request: RequestOf<C>, options: CommandOptions): void;
  /** The body in clear around 12 random bytes, with `extra` entries more that change nothing but its length. */
  body(request: RequestOf<C>, challenge: Uint8Array, extra: number, options: CommandOptions): Uint8Array;
  /** What a proven answer says of the entries that were asked about. */
  reply(request: RequestOf<C>, answer: Answer): Result<RaidaReplies[C]>;
}

export const AN_BYTES = 16;
export const NOTHING: Uint8Array = new Uint8Array(0);

export const none = (): number => 0;

/** The coins of a request, whose names are whole numbers: that they fit is the codec's to say. */
export function countCoins({ coins }: { readonly coins: readonly Partial<CoinId>[] }): number {
  const count = countOf("coins", coins);
  coins.forEach((coin, i) => checkName(coin, `coins[${i}].`));
  return count;
}

/** @throws WireError `argument` for a denomination or serial number of another type, or half a one */
export function checkName(coin: Partial<CoinId>, path = ""): void {
  checkInteger(coin.denomination, `${path}denomination`);
  checkInteger(coin.serial, `${path}serial`);
}

/** @throws WireError `argument` for what is no whole number, which a caller without types may give */
export function checkInteger(value: unknown, path: string): void {
  if (!Number.isInteger(value)) refuse(path, "a whole number");
}

/** Entries of a list, which a caller without types may have forgotten. @throws WireError `argument` */
export function countOf(path: string, list: readonly unknown[]): number {
  const isList = Array.isArray(list) && list.every((entry) => typeof entry === "object" && entry !== null);
  return isList ? list.length : refuse(path, "a list");
}

/** Bytes of one bit for each entry. */
export function bitmapBytes(entries: number): number {
  return Math.ceil(entries / 8);
}

/** A sum stays what it is when a coin is added twice. */
export const SUM_FILLING: Padding = { entryBytes: 5, step: 2, replyBytes: () => 0 };

/** The first coin again and again. */
export function repeated(coins: readonly CoinId[], extra: number): CoinId[] {
  return [...coins, ...Array.from({ length: extra }, () => coins[0]!)];
}

/** Coins with numbers that nobody has, behind those that are meant: they fail. */
export function withPhantoms(coins: readonly CoinAn[], extra: number, { random }: CommandOptions): CoinAn[] {
  return [...coins, ...Array.from({ length: extra }, () => ({ ...coins[0]!, an: own(random(AN_BYTES)) }))];
}

/** The same for coins with two numbers. */
export function withPhantomPairs(coins: readonly CoinAnPan[], extra: number, options: CommandOptions): CoinAnPan[] {
  const { random } = options;
  const phantom = (): CoinAnPan => ({ ...coins[0]!, an: own(random(AN_BYTES)), pan: own(random(AN_BYTES)) });
  return [...coins, ...Array.from({ length: extra }, phantom)];
}

/** Answers to commands that take coins one by one. */
export function readPassed(
  request: RaidaRequest & { readonly coins: readonly unknown[] },
  answer: Answer,
): Result<boolean[]> {
  const { status, body, entries } = answer;
  const count = request.coins.length;
  if (status === Status.allPass) return { ok: true, value: all(count, true) };
  if (status === Status.allFail) return { ok: true, value: all(count, false) };
  if (status === Status.mixed) return map(tryDecodeMixedReply(body, entries), ({ passed }) => passed.slice(0, count));
  return unexpected(request, answer);
}

/** Answers to commands that take coins by their sum: yes or no. */
export function readVerdict(request: RaidaRequest, answer: Answer): Result<boolean> {
  const { status } = answer;
  if (status === Status.allPass || status === Status.allFail) return { ok: true, value: status === Status.allPass };
  return unexpected(request, answer);
}

export function all<T>(count: number, value: T): T[] {
  return new Array<T>(count).fill(value);
}

export function map<From, To>(result: Result<From>, to: (value: From) => To): Result<To> {
  return result.ok ? { ok: true, value: to(result.value) } : result;
}

/** An answer whose status is no success. */
export function unexpected(
  { server }: RaidaRequest,
  { status, encryptionType }: Answer,
): { ok: false; error: WireIssue } {
  return { ok: false, error: statusError(status, server, encryptionType).toJSON() };
}

export function miscounted(request: RaidaRequest, expected: number, actual: number): { ok: false; error: WireIssue } {
  const path = `server[${request.server}]`;
  return {
    ok: false,
    error: { code: "count", format: "raida", path, offset: 0, expected: `${expected} results`, actual: `${actual}` },
  };
}

export function refuse(path: string, expected: string): never {
  throw new WireError({ code: "argument", format: "raida", path, offset: 0, expected });
}
