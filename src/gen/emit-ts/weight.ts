/** V8 inlines no function of more bytecodes than this (its flag `max-inlined-bytecode-size`). */
const INLINE_LIMIT = 460;

/** What an estimate may come to: estimates of large functions are up to a ninth too low. */
export const WEIGHT_MAX = 0.9 * INLINE_LIMIT;

/**
 * The bytecodes of a function's body, estimated from its text: what names, numbers, operators, calls, brackets and dots
 * come to by least squares over the codecs of this package. Whether functions keep to the limit, a test asks V8 itself.
 */
export function weigh(body: string): number {
  const text = body.replace(/`[^`]*`/g, "text").replace(/([\])])!/g, "$1");
  const words = count(text, /[A-Za-z_$][\w$]*/g) - count(text, /\b(?:const|let|if|return|for|new)\b/g);
  const operators = count(text, />>>|<<|>>|[!=]==|\|\||&&|[-+*/%&|<>!?]/g);
  const rest = 5.6 * count(text, /\w\(/g) + 0.6 * count(text, /\[/g) + 1.6 * count(text, /\.\w/g);
  return 2.45 * words + 2.2 * count(text, /\b\d+\b/g) + 2.2 * operators + rest;
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
