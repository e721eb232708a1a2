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
import { CoinNames, readCoinAns, readCoinPans } from "../coin-columns.js";
import type { CommandTable, ServerContext } from "../context.js";
import { PageTransaction } from "../page-transaction.js";
import { AN_BYTES } from "../pages.js";
import { BatchResult } from "../batch-result.js";
import type { Request } from "../request.js";
import { coinName } from "../votes.js";

/** Group 1: detect and pown. */
export const AUTH_COMMANDS: CommandTable = [
  [CommandGroup.auth, AuthCommand.detect, detect],
  [CommandGroup.auth, AuthCommand.detectSum, detectSum],
  [CommandGroup.auth, AuthCommand.pown, pown],
  [CommandGroup.auth, AuthCommand.pownSum, pownSum],
];

/** Shards of old coins, which have databases of their own. */
const LEGACY_SHARDS: ReadonlySet<number> = new Set([1, 2]);

function detect(request: Request, node: ServerContext): void {
  const count = node.countOfCoins(request, 18, COIN_AN_SIZE);
  if (count === 0) return;
  // The numbers of new coins say nothing of old ones that have the same names.
  if (LEGACY_SHARDS.has(request.shard)) return node.answer(request, Status.errorLegacyDatabase);
  const columns = readCoinAns(request.body, count);
  const coins = new CoinNames(columns);
  node.withPages(request, coins.runs(), () => node.answerCoins(request, coins.authentic(columns.an, node.pages)));
}

function detectSum(request: Request, node: ServerContext): void {
  if (node.countOfCoins(request, 34, 5) === 0) return;
  const { coins, sum } = decodeDetectSumRequest(request.body);
  node.withKnownPages(request, coins, () => {
    node.answer(request, isSumRight(coins, sum, node) ? Status.allPass : Status.allFail);
  });
}

function pown(request: Request, node: ServerContext): void {
  const count = node.countOfCoins(request, 18, COIN_AN_PAN_SIZE);
  if (count === 0) return;
  const columns = readCoinPans(request.body, count);
  const coins = new CoinNames(columns);
  node.withPages(request, coins.runs(), () => {
    const { an, pan } = columns;
    const draft = new PageTransaction(node.pages, node.month(), count);
    const passed = new BatchResult(count);
    for (let row = 0; row < count; row++) {
      const coin = coins.at(row);
      const isRight = draft.isAuthentic(coin, an.bytes, an.at + an.stride * row);
      if (isRight) draft.set(coin, pan.bytes, pan.at + pan.stride * row);
      else passed.fail(row);
    }
    node.store(request, draft, () => {
      for (let row = 0; row < count; row++) if (passed.has(row)) countPown(coins.denomination[row]!, node);
      node.answerCoins(request, passed);
    });
  });
}

function pownSum(request: Request, node: ServerContext): void {
  // As the C server lays them out, types 4 and 5 have the difference in the HMAC: new numbers that nobody has chosen.
  const { profile, type45Layout } = node.settings;
  if (profile === "strict" && type45Layout === "c-server" && !isLegacyType(request.encryptionType)) {
    return node.answer(request, Status.errorPacketLength);
  }
  if (node.countOfCoins(request, 50, 5) === 0) return;
  const { coins, sum, difference } = decodePownSumRequest(request.body);
  node.withKnownPages(request, coins, () => {
    if (!isSumRight(coins, sum, node)) return node.answer(request, Status.allFail);
    const draft = new PageTransaction(node.pages, node.month(), coins.length);
    for (const coin of coins) draft.set(coin, xor(draft.anOf(coin)!, difference));
    node.store(request, draft, () => {
      for (const { denomination } of coins) countPown(denomination, node);
      node.answer(request, Status.allPass);
    });
  });
}

/**
 * Whether the numbers of coins, all on known pages, have this XOR. `reference` takes every sum that fits. Equal numbers
 * cancel each other out, so that a sum says nothing of two coins in one locker, nor of a coin that is named twice. One
 * that is named three times still counts once: clients fill requests up with coins that they name twice more.
 */
export function isSumRight(coins: readonly CoinId[], sum: Uint8Array, { pages, settings }: ServerContext): boolean {
  const ans = coins.map((coin) => pages.anOf(coin)!);
  const isRight = equalBytes(
    ans.reduce((all, an) => xor(all, an), new Uint8Array(AN_BYTES)),
    sum,
  );
  if (!isRight || settings.profile === "reference") return isRight;
  const times = new Map<string, number>();
  for (const coin of coins) times.set(coinName(coin), (times.get(coinName(coin)) ?? 0) + 1);
  const isOdd = [...times.values()].every((count) => count % 2 === 1);
  return isOdd && new Set(ans.map(toHex)).size === times.size;
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, i) => byte ^ b[i]!);
}

/** Counts a coin with a new number in the statistics. */
export function countPown(denomination: number, { statistics }: ServerContext): void {
  statistics.powns[denomination - DENOMINATION_MIN]!++;
}
