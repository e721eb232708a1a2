/** Emitted TypeScript as JavaScript, which runs as it is, and the declarations that editors read beside it. */
import { statementsOf } from "./statements.js";
import { typingsOf } from "./typings.js";

/** The JavaScript of emitted TypeScript. */
export async function stripTypes(text: string): Promise<string> {
  // Most uses of the generator do without, so they need not wait until it is read.
  const { transform } = await import("sucrase");
  return transform(text, { transforms: ["typescript"], disableESTransforms: true }).code;
}

/** A module of JavaScript and its declarations. */
export interface JavaScript {
  readonly code: string;
  readonly typings: string;
}

/** An emitted module for programs without TypeScript. */
export async function javaScriptOf(typescript: string): Promise<JavaScript> {
  const statements = statementsOf(typescript).filter(({ text }) => !/^(?:export )?(?:interface|type) /.test(text));
  const code = await stripTypes(statements.map(({ doc, text }) => doc + text).join(""));
  return { code: code.replace(/[ \t]+$/gm, "").replace(/\n{3,}/g, "\n\n"), typings: typingsOf(typescript) };
}
