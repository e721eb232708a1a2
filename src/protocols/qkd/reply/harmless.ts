/** Texts of a KME, bounded and made harmless before people read them. */

// Control characters, line and paragraph separators, marks that turn the direction of writing, and lone surrogates.
const HARMFUL = /[\p{Cc}\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\p{Cs}]/gu;

/**
 * A text in one line of at most `charactersMax` characters: runs of blanks are one, harmful characters are replaced, and
 * an ellipsis stands for what was cut off.
 */
export function harmless(text: string, charactersMax: number): string {
  const line = text.replace(/\s+/g, " ").trim();
  const cut = line.length <= charactersMax ? line : `${line.slice(0, charactersMax - 1)}…`;
  return cut.replace(HARMFUL, "\ufffd");
}
