/** Every recorded piece of bytes. */
import { BITTRRT } from "../../protocols/bittrrt/recorded.js";
import { DPS } from "../../protocols/dps/recorded.js";
import type { Piece } from "./piece.js";
import { RAIDA } from "../../protocols/raida/recorded.js";

export type { Piece } from "./piece.js";

const ALL = [...RAIDA, ...BITTRRT, ...DPS];

/** Everything in the recordings that a format of ours describes; what was sealed is opened. */
export const RECORDED: readonly Piece[] = ALL.flatMap(({ pieces }) => pieces);

/** What was recorded and no format describes, by name, as often as it occurs. */
export const UNDESCRIBED: readonly string[] = ALL.flatMap(({ undescribed }) => undescribed);

/** How often each name occurs. */
export function countsOf(names: Iterable<string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
