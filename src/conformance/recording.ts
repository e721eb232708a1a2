/** Reads a recording of any protocol. */
import { argumentError, type WireError } from "../errors.js";
import type { Adapter, Case } from "./verdict.js";

/**
 * The protocol and the cases of a recording. The first adapter that recognises the content reads it.
 * @throws WireError `argument` for a text that is no JSON or of no known protocol
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
  return argumentError("recording", "", expected, file, { cause });
}
