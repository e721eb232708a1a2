import type { WireIssue } from "../../../errors.js";
import { FindResult } from "../../../codec/gen/raida/index.js";
import type { CoinState } from "../client/healing-run.js";
import { QUORUM_OTHERS, saysFailure } from "../protocol.js";
import { isOpen, type WalletCoin } from "./coin-file.js";
import { countSaid, type PownLetter } from "./pown.js";

/**
 * The folders of a wallet. `BANK`: no server denies the coin. `FRACKED`: some do, and enough others vouch for it.
 * `LIMBO`: a server may hold a proposed number instead; the file has both. `COUNTERFEIT`: so many deny it that no
 * healing is possible.
 */
export const WALLET_FOLDERS = ["BANK", "FRACKED", "LIMBO", "COUNTERFEIT"] as const;

export type WalletFolder = (typeof WALLET_FOLDERS)[number];

/**
 * How long after it was sent a change may still happen: a fix waits up to 32 s for its peers, and the tickets that it
 * needs live for 300 s (seeds/raida, tickets and fix).
 */
export const SETTLED_AFTER_MS = 300_000;

/** Where a coin belongs. While too few servers have answered, it stays where it is. */
export function folderOf(coin: WalletCoin, now: WalletFolder): WalletFolder {
  if (isOpen(coin)) return "LIMBO";
  const denials = countSaid(coin.pown, "f");
  if (denials >= QUORUM_OTHERS) return "COUNTERFEIT";
  if (countSaid(coin.pown, "p") >= QUORUM_OTHERS) return denials === 0 ? "BANK" : "FRACKED";
  // A coin without open proposals is not in limbo, whoever has answered.
  return now === "LIMBO" ? "FRACKED" : now;
}

/** What a detect says: the answer, or why there is none. */
export function letterOf(answer: boolean | WireIssue | undefined): PownLetter {
  if (answer === undefined) return "n";
  if (typeof answer === "boolean") return answer ? "p" : "f";
  if (answer.code === "timeout" || answer.code === "cancelled") return "n";
  // The server is not done yet.
  if (answer.code === "status" && !saysFailure(answer)) return "n";
  return answer.code === "unreachable" || answer.code === "closed" ? "d" : "e";
}

/** What a healing says. */
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

/** Which of two numbers a server holds, as far as a find can say. */
export type Settlement = "number" | "proposed" | "neither" | "open";

/**
 * What a find settles. The proposed number does at once. Anything else does when the change cannot happen any more:
 * after {@link SETTLED_AFTER_MS}, or, for a fix, when the server holds the number, since only servers that do not are
 * asked to fix it.
 */
export function settle(result: FindResult | undefined, ageMs: number, isFix: boolean): Settlement {
  if (result === FindResult.pan) return "proposed";
  if (result === undefined) return "open";
  const isOver = ageMs >= SETTLED_AFTER_MS;
  if (result === FindResult.an) return isOver || isFix ? "number" : "open";
  return isOver ? "neither" : "open";
}

const LETTERS: Readonly<Record<Settlement, PownLetter>> = { number: "p", proposed: "p", neither: "f", open: "n" };

/** The coin after some servers were asked which number they hold; undefined for the others, where nothing changes. */
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
