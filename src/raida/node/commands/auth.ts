import { equalBytes, toHex } from "../../../bytes/index.js";
import {
  AuthCommand,
  COIN_AN_PAN_SIZE,
  COIN_AN_SIZE,
  CommandGroup,
  decodeDetectSumRequest,
  decodePownSumRequest,
  DetectRequestReader,
  PownRequestReader,
  Status,
  type Coin as CoinName,
} from "../../../codec/gen/raida/index.js";
import { DENOMINATION_MIN } from "../../protocol.js";
import { isLegacyType } from "../../wire/encryption.js";
import { authenticRows, runsOf } from "../coin-rows.js";
import type { CommandTable, NodeContext } from "../context.js";
import { Draft } from "../draft.js";
import { AN_BYTES } from "../pages.js";
import type { Request } from "../request.js";

/** Group 1: detect and pown. */
export const AUTH_COMMANDS: CommandTable = [
  [CommandGroup.auth, AuthCommand.detect, detect],
  [CommandGroup.auth, AuthCommand.detectSum, detectSum],
  [CommandGroup.auth, AuthCommand.pown, pown],
  [CommandGroup.auth, AuthCommand.pownSum, pownSum],
];

function detect(request: Request, node: NodeContext): void {
  if (!node.hasWholeCoins(request, 18, COIN_AN_SIZE)) return;
  const rows = new DetectRequestReader().wrap(request.body);
  node.withPages(request, runsOf(rows), () => {
    node.answerCoins(request, authenticRows(rows, request.body, COIN_AN_SIZE, node.pages));
  });
}

function detectSum(request: Request, node: NodeContext): void {
  if (!node.hasWholeCoins(request, 34, 5)) return;
  const { coins, sum } = decodeDetectSumRequest(request.body);
  node.withKnownPages(request, coins, () => {
    node.answer(request, isSumRight(coins, sum, node) ? Status.allPass : Status.allFail);
  });
}

function pown(request: Request, node: NodeContext): void {
  if (!node.hasWholeCoins(request, 18, COIN_AN_PAN_SIZE)) return;
  const rows = new PownRequestReader().wrap(request.body);
  node.withPages(request, runsOf(rows), () => {
    const draft = new Draft(node.pages, node.month());
    const passed = new Array<boolean>(rows.countOfCoins);
    for (let row = 0; row < passed.length; row++) {
      const coin = { denomination: rows.coinsDenomination(row), serial: rows.coinsSerial(row) };
      passed[row] = draft.isAuthentic(coin, rows.coinsAn(row));
      if (passed[row]!) draft.set(coin, rows.coinsPan(row));
    }
    node.store(request, draft.writes, () => {
      passed.forEach((isRight, row) => isRight && countPown(rows.coinsDenomination(row), node));
      node.answerCoins(request, passed);
    });
  });
}

function pownSum(request: Request, node: NodeContext): void {
  // As the C server lays them out, types 4 and 5 have the difference in the HMAC: new numbers that nobody has chosen.
  const { profile, type45Layout } = node.settings;
  if (profile === "strict" && type45Layout === "c-server" && !isLegacyType(request.encryptionType)) {
    return node.answer(request, Status.errorPacketLength);
  }
  if (!node.hasWholeCoins(request, 50, 5)) return;
  const { coins, sum, difference } = decodePownSumRequest(request.body);
  node.withKnownPages(request, coins, () => {
    if (!isSumRight(coins, sum, node)) return node.answer(request, Status.allFail);
    const draft = new Draft(node.pages, node.month());
    for (const coin of coins) draft.set(coin, xor(draft.anOf(coin)!, difference));
    node.store(request, draft.writes, () => {
      for (const { denomination } of coins) countPown(denomination, node);
      node.answer(request, Status.allPass);
    });
  });
}

/**
 * Whether the numbers of coins, all on known pages, have this XOR. Equal numbers cancel each other out, so that a sum
 * says nothing of them: those of a coin that is named twice, and of two coins in one locker. `reference` takes it.
 */
export function isSumRight(coins: readonly CoinName[], sum: Uint8Array, { pages, settings }: NodeContext): boolean {
  const ans = coins.map((coin) => pages.anOf(coin)!);
  const isRight = equalBytes(
    ans.reduce((all, an) => xor(all, an), new Uint8Array(AN_BYTES)),
    sum,
  );
  return isRight && (settings.profile === "reference" || new Set(ans.map(toHex)).size === ans.length);
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, i) => byte ^ b[i]!);
}

function countPown(denomination: number, { statistics }: NodeContext): void {
  statistics.powns[denomination - DENOMINATION_MIN]!++;
}
