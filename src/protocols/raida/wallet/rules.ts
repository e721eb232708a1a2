/** The rules of a wallet: the folder of a coin, and what the replies of servers mean for it. */
import type { WireIssue } from "../../../errors.js";
import { FindResult } from "../../../codec/gen/raida/index.js";
import type { CoinState } from "../client/healing-run.js";
import { QUORUM_OTHERS, saysFailure } from "../protocol.js";
import { isOpen, type WalletCoin } from "./coin-file.js";
import { countSaid, type PownLetter } from "./pown.js";

/**
 * The folders of a wallet. `BANK`: no server denies the coin. `FRACKED`: some do, and enough others vouch for it.
 * `LIMBO`: a server may hold a proposed number; the file has both. `COUNTERFEIT`: too many servers deny the coin for a
 * healing.
 */
export const WALLET_FOLDERS = ["BANK", "FRACKED", "LIMBO", "COUNTERFEIT"] as const;

/** The name of a folder of a wallet. */
export type WalletFolder = (typeof WALLET_FOLDERS)[number];

/**
 * How long after its request a change may still happen: a fix waits up to 32 s for its peers, and its tickets live for
 * 300 s (seeds/raida, tickets and fix).
 */
export const SETTLED_AFTER_MS = 300_000;

/** The folder of a coin. It stays in `now` while too few servers have answered. */
export function folderOf(coin: WalletCoin, now: WalletFolder): WalletFolder {
  if (isOpen(coin)) return "LIMBO";
  const denials = countSaid(coin.pown, "f");
  if (denials >= QUORUM_OTHERS) return "COUNTERFEIT";
  if (countSaid(coin.pown, "p") >= QUORUM_OTHERS) return denials === 0 ? "BANK" : "FRACKED";
  // A coin without open proposals leaves limbo in any case.
  return now === "LIMBO" ? "FRACKED" : now;
}

/** The letter of a detect: of its result or its error. */
export function letterOf(answer: boolean | WireIssue | undefined): PownLetter {
  if (answer === undefined) return "n";
  if (typeof answer === "boolean") return answer ? "p" : "f";
  if (answer.code === "timeout" || answer.code === "cancelled") return "n";
  // The server has not finished yet.
  if (answer.code === "status" && !saysFailure(answer)) return "n";
  return answer.code === "unreachable" || answer.code === "closed" ? "d" : "e";
}

/** The letter of a healing's state. */
export function letterOfState(state: CoinState): PownLetter {
  switch (state) {
    case "authentic":
    case "healed":
      return "p";
    case "fracked":
    case "noQuorum":
      return "f";
    case "limbo":
    case "unknown":
      return "n";
  }
}

/** Which of its two numbers a server holds for good, as far as a find can tell; `open` if it may still change. */
export type Settlement = "number" | "proposed" | "neither" | "open";

/**
 * What a find settles. A server that holds the proposed number is settled at once. Any other is settled once the change
 * cannot happen any more: after {@link SETTLED_AFTER_MS}, or, for a fix, if the server holds the current number, since
 * only servers that do not hold it are sent a fix.
 */
export function settle(result: FindResult | undefined, ageMs: number, isFix: boolean): Settlement {
  if (result === FindResult.pan) return "proposed";
  if (result === undefined) return "open";
  const isOver = ageMs >= SETTLED_AFTER_MS;
  if (result === FindResult.an) return isOver || isFix ? "number" : "open";
  return isOver ? "neither" : "open";
}

const LETTERS: Readonly<Record<Settlement, PownLetter>> = { number: "p", proposed: "p", neither: "f", open: "n" };

/** The coin after a find. @param settlements by server; undefined for a server that was not queried */
export function settledCoin(coin: WalletCoin, settlements: readonly (Settlement | undefined)[]): WalletCoin {
  const { proposedAns = coin.ans } = coin;
  const ans = coin.ans.map((an, server) => (settlements[server] === "proposed" ? proposedAns[server]! : an));
  return {
    ...coin,
    ans,
    proposedAns: ans.map((an, server) => (settlements[server] === "open" ? proposedAns[server]! : an)),
    pown: Array.from(settlements, (one, server) => (one === undefined ? coin.pown[server] : LETTERS[one])).join(""),
  };
}
