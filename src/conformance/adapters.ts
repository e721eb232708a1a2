/** Which protocol a recording is of, and its vectors. */
import { WireError } from "../errors.js";
import type { Adapter, Case } from "./verdict.js";

/**
 * The cases of a recording, whose protocol its content tells.
 * @throws WireError `argument`
 */
export function readRecording(
  text: string,
  file: string,
  adapters: readonly Adapter[],
): { protocol: string; cases: readonly Case[] } {
  const json = parse(text, file);
  const adapter = adapters.find((one) => one.recognises(json));
  if (adapter === undefined) throw refuse(file, `a recording of ${adapters.map((one) => one.protocol).join(", ")}`);
  return { protocol: adapter.protocol, cases: adapter.read(json) };
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw refuse(file, "JSON", cause);
  }
}

function refuse(file: string, expected: string, cause?: unknown): WireError {
  return new WireError(
    { code: "argument", format: "recording", path: "", offset: 0, expected, actual: file },
    { cause },
  );
}
