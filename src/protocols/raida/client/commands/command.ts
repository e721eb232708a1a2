/** What the commands of a client share: their type, their padding, and readers of common replies. */
import { own } from "../../../../bytes/index.js";
import { argumentError, isWireError, type Result, type WireIssue } from "../../../../errors.js";
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

/** The options of the client that the commands need. */
export interface CommandOptions {
  /** Kind of coin. */
  readonly coinId: number;
  readonly random: (n: number) => Uint8Array;
  /** The key of encryption type 2, if the client uses it. */
  readonly lockerKey?: Uint8Array | undefined;
}

/** How a client writes the request of one command and reads its reply. */
export interface ClientCommand<C extends RaidaCommand> {
  readonly group: number;
  readonly number: number;
  readonly modern: PlainRequest["modern"];
  readonly isIdempotent: boolean;
  readonly isClear?: boolean;
  readonly padding?: Padding;
  readonly anyLength?: PlainRequest["anyLength"];
  /** How many coins or other entries the reply answers one by one. */
  count(request: RequestOf<C>): number;
  /** Checks the request beyond what its codec does. @throws WireError `argument` */
  check?(request: RequestOf<C>, options: CommandOptions): void;
  /** The body in clear, with 12 random bytes as `challenge` and `extra` padding entries. */
  body(request: RequestOf<C>, challenge: Uint8Array, extra: number, options: CommandOptions): Uint8Array;
  /** Reads an answer; results of padding entries are left out. */
  reply(request: RequestOf<C>, answer: Answer): Result<RaidaReplies[C]>;
}

export const AN_BYTES = 16;
export const NOTHING: Uint8Array = new Uint8Array(0);

/** The entry count of a command without entries. */
export const none = (): number => 0;

/** Counts the coins of a request and checks that their names are integers; the codec checks their ranges. */
export function countCoins({ coins }: { readonly coins: readonly Partial<CoinId>[] }): number {
  const count = countOf("coins", coins);
  coins.forEach((coin, i) => checkName(coin, `coins[${i}].`));
  return count;
}

/** @throws WireError `argument` for a denomination or serial number that is no integer */
export function checkName(coin: Partial<CoinId>, path = ""): void {
  checkInteger(coin.denomination, `${path}denomination`);
  checkInteger(coin.serial, `${path}serial`);
}

/** Checks a value of a perhaps untyped caller. @throws WireError `argument` if it is no integer */
export function checkInteger(value: unknown, path: string): void {
  if (!Number.isInteger(value)) refuse(path, "a whole number");
}

/** The length of a list of a perhaps untyped caller. @throws WireError `argument` if it is no list of objects */
export function countOf(path: string, list: readonly unknown[]): number {
  const isList = Array.isArray(list) && list.every((entry) => typeof entry === "object" && entry !== null);
  return isList ? list.length : refuse(path, "a list");
}

/** Length of a bitmap with one bit per entry. */
export function bitmapBytes(entries: number): number {
  return Math.ceil(entries / 8);
}

/** Padding in pairs: a coin that is added twice does not change the XOR of all coins. */
export const SUM_PADDING: Padding = { entryBytes: 5, step: 2, replyBytes: () => 0 };

/** The coins, followed by `extra` copies of the first. */
export function repeated(coins: readonly CoinId[], extra: number): CoinId[] {
  return [...coins, ...Array.from({ length: extra }, () => coins[0]!)];
}

/** The coins, followed by `extra` copies of the first with random ANs, which fail. */
export function withPadding(coins: readonly CoinAn[], extra: number, { random }: CommandOptions): CoinAn[] {
  return [...coins, ...Array.from({ length: extra }, () => ({ ...coins[0]!, an: own(random(AN_BYTES)) }))];
}

/** The same for coins with an AN and a PAN. */
export function withPaddingPairs(coins: readonly CoinAnPan[], extra: number, options: CommandOptions): CoinAnPan[] {
  const { random } = options;
  const padding = (): CoinAnPan => ({ ...coins[0]!, an: own(random(AN_BYTES)), pan: own(random(AN_BYTES)) });
  return [...coins, ...Array.from({ length: extra }, padding)];
}

/** Reads a reply that tells for each coin whether it passed. */
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

/** Reads a reply that passes or fails all coins together. */
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

/** The error of an answer whose status is no success. */
export function unexpected(
  { server }: RaidaRequest,
  { status, encryptionType }: Answer,
): { ok: false; error: WireIssue } {
  return { ok: false, error: statusError(status, server, encryptionType).toJSON() };
}

/** The error of a reply with another number of results than the request has entries. */
export function miscounted(request: RaidaRequest, expected: number, actual: number): { ok: false; error: WireIssue } {
  const path = `server[${request.server}]`;
  return {
    ok: false,
    error: { code: "count", format: "raida", path, expected: `${expected} results`, actual: `${actual}` },
  };
}

export function refuse(path: string, expected: string): never {
  throw argumentError("raida", path, expected);
}

/**
 * Runs code that reads a request, whose values may have any type.
 * @throws WireError as `work` does, and `argument` in place of any other exception
 */
export function withWireErrors<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (isWireError(cause)) throw cause;
    throw argumentError("raida", "", "values of the types that the call takes", undefined, { cause });
  }
}
