/** What the program prints of an error that ends it. */
import { describeIssue, ERROR_TEXTS, type WireError } from "../errors.js";
import { SpecError } from "../gen/source.js";

/** A line for an error; a line `file:line message` for each mistake of a spec, as compilers print them. */
export function describeError(error: WireError): string[] {
  if (error.code !== "spec") return [`specwire: ${describeIssue(error, ERROR_TEXTS)}`];
  const mistakes = error instanceof SpecError ? error.mistakes : [error];
  return mistakes.map(({ spec, actual }) => `${spec} ${actual}`);
}
