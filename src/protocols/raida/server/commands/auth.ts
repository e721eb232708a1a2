/** Commands of group 1: detect and pown, of single coins and of sums. */
import { equalBytes, toHex } from "../../../../bytes/index.js";
import {
  AuthCommand,
  COIN_AN_PAN_SIZE,
  COIN_AN_SIZE,
  CommandGroup,
  decodeDetectSumRequest,
  decodePownSumRequest,
  Status,
  type CoinId,
} from "../../../../codec/gen/raida/index.js";
import { DENOMINATION_MIN } from "../../protocol.js";
import { isLegacyType } from "../../wire/encryption.js";
import { CoinColumns, readCoinAns, readCoinPans } from "../coin-columns.js";
import type { CommandTable, ServerContext } from "../context.js";
import { PageTransaction } from "../page-transaction.js";
import { AN_BYTES } from "../pages.js";
import { BatchResult } from "../batch-result.js";
import type { Request } from "../request.js";
import { coinKey } from "../votes.js";

/** The commands of group 1. */
export const AUTH_COMMANDS: CommandTable = [
  [CommandGroup.auth, AuthCommand.detect, detect],
  [CommandGroup.auth, AuthCommand.detectSum, detectSum],
  [CommandGroup.auth, AuthCommand.pown, pown],
  [CommandGroup.auth, AuthCommand.pownSum, pownSum],
];

/** Shards of old coins, which have separate databases. */
const LEGACY_SHARDS: ReadonlySet<number> = new Set([1, 2]);

function detect(request: Request, server: ServerContext): void {
  const count = server.countOfCoins(request, 18, COIN_AN_SIZE);
  if (count === 0) return;
  // Old coins have the denominations and serial numbers of new ones, but other ANs.
  if (LEGACY_SHARDS.has(request.shard)) return server.answer(request, Status.errorLegacyDatabase);
  const columns = readCoinAns(request.body, count);
  const coins = new CoinColumns(columns);
  server.withPages(request, coins, () => server.answerCoins(request, coins.authentic(columns.an, server.pages)));
}

function detectSum(request: Request, server: ServerContext): void {
  if (server.countOfCoins(request, 34, 5) === 0) return;
  const { coins, sum } = decodeDetectSumRequest(request.body);
  server.withKnownPages(request, coins, () => {
    server.answer(request, isSumRight(coins, sum, server) ? Status.allPass : Status.allFail);
  });
}

function pown(request: Request, server: ServerContext): void {
  const count = server.countOfCoins(request, 18, COIN_AN_PAN_SIZE);
  if (count === 0) return;
  const columns = readCoinPans(request.body, count);
  const coins = new CoinColumns(columns);
  server.withPages(request, coins, () => {
    const { an, pan } = columns;
    const changes = new PageTransaction(server.pages, server.month(), count);
    const results = new BatchResult(count);
    for (let row = 0; row < count; row++) {
      const coin = coins.at(row);
      const isRight = changes.isAuthentic(coin, an.bytes, an.at + an.stride * row);
      if (isRight) changes.set(coin, pan.bytes, pan.at + pan.stride * row);
      else results.fail(row);
    }
    server.store(request, changes, () => {
      for (let row = 0; row < count; row++) if (results.passes(row)) countPown(coins.denomination[row]!, server);
      server.answerCoins(request, results);
    });
  });
}

function pownSum(request: Request, server: ServerContext): void {
  // In the layout of C servers, types 4 and 5 read the difference from the HMAC: nobody would have chosen the new ANs.
  const { profile, type45Layout } = server.settings;
  if (profile === "strict" && type45Layout === "c-server" && !isLegacyType(request.encryptionType)) {
    return server.answer(request, Status.errorPacketLength);
  }
  if (server.countOfCoins(request, 50, 5) === 0) return;
  const { coins, sum, difference } = decodePownSumRequest(request.body);
  server.withKnownPages(request, coins, () => {
    if (!isSumRight(coins, sum, server)) return server.answer(request, Status.allFail);
    const changes = new PageTransaction(server.pages, server.month(), coins.length);
    for (const coin of coins) changes.set(coin, xor(changes.anOf(coin)!, difference));
    server.store(request, changes, () => {
      for (const { denomination } of coins) countPown(denomination, server);
      server.answer(request, Status.allPass);
    });
  });
}

/**
 * Whether the ANs of coins, all on known pages, have this XOR. `reference` accepts every matching sum. Equal ANs cancel
 * out, so that a sum proves nothing about two coins of one locker, or about a coin that is listed an even number of
 * times; `strict` refuses both. An odd number of times is allowed, because clients pad requests with two more copies.
 */
export function isSumRight(coins: readonly CoinId[], sum: Uint8Array, { pages, settings }: ServerContext): boolean {
  const ans = coins.map((coin) => pages.anOf(coin)!);
  const isRight = equalBytes(
    ans.reduce((all, an) => xor(all, an), new Uint8Array(AN_BYTES)),
    sum,
  );
  if (!isRight || settings.profile === "reference") return isRight;
  const times = new Map<string, number>();
  for (const coin of coins) times.set(coinKey(coin), (times.get(coinKey(coin)) ?? 0) + 1);
  const areOdd = [...times.values()].every((count) => count % 2 === 1);
  return areOdd && new Set(ans.map(toHex)).size === times.size;
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, i) => byte ^ b[i]!);
}

/** Counts a coin with a new AN in the statistics. */
export function countPown(denomination: number, { statistics }: ServerContext): void {
  statistics.powns[denomination - DENOMINATION_MIN]!++;
}
