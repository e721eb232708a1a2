import { equalBytes, toHex } from "../../../bytes/index.js";
import {
  AuthCommand,
  CommandGroup,
  decodeDetectRequest,
  decodeDetectSumRequest,
  decodePownRequest,
  decodePownSumRequest,
  Status,
  type Coin as CoinName,
} from "../../../codec/gen/raida/index.js";
import { DENOMINATION_MIN } from "../../protocol.js";
import { isLegacyType } from "../../wire/encryption.js";
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
  if (!node.hasWholeCoins(request, 18, 21)) return;
  const { coins } = decodeDetectRequest(request.body);
  node.withPages(request, coins, () => {
    const passed = coins.map((coin) => node.pages.isAuthentic(coin, coin.an));
    node.answerCoins(request, passed);
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
  if (!node.hasWholeCoins(request, 18, 37)) return;
  const { coins } = decodePownRequest(request.body);
  node.withPages(request, coins, () => {
    const draft = new Draft(node.pages, node.month());
    const passed = coins.map((coin) => {
      const isRight = draft.isAuthentic(coin, coin.an);
      if (isRight) draft.set(coin, coin.pan);
      return isRight;
    });
    node.store(request, draft.writes, () => {
      coins.filter((_, i) => passed[i]).forEach((coin) => countPown(coin, node));
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
      coins.forEach((coin) => countPown(coin, node));
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

function countPown({ denomination }: CoinName, { statistics }: NodeContext): void {
  statistics.powns++;
  statistics.pownedValue += 10n ** BigInt(denomination - DENOMINATION_MIN);
}
