/** The configuration file of the reference. */
import { argumentError, type WireError } from "../../errors.js";
import { readFile } from "../input.js";

/** The settings of a configuration file that have a meaning here. */
export interface BittrrtConfig {
  readonly bindHost?: string;
  readonly bindPort?: number;
  readonly portRanges?: string;
  readonly heartbeatMs?: number;
}

/** The option that names a configuration file. */
export const CONFIG_OPTION = [
  "--config <file>",
  "a configuration file of the reference, lines of key=value; options take precedence",
] as const;

/** Reads the file that the option names. @throws WireError `argument` with the line */
export function loadConfig(path: string | undefined): BittrrtConfig {
  return path === undefined ? {} : readConfig(new TextDecoder().decode(readFile(path)));
}

/**
 * Reads `key=value` lines and `#` comments, as in `~/.bittrrt/config`. Keys without a meaning here, such as
 * port_parallelability, are ignored; the reference ignores unknown keys too.
 * @throws WireError `argument` with the wrong line
 */
export function readConfig(text: string): BittrrtConfig {
  const values = new Map<string, { readonly value: string; readonly line: number }>();
  for (const [i, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const at = line.indexOf("=");
    if (at < 0) throw refusal(i + 1, "key=value", line);
    values.set(line.slice(0, at).trim(), { value: line.slice(at + 1).trim(), line: i + 1 });
  }
  const number = (key: string, most: number): number | undefined => {
    const entry = values.get(key);
    if (entry === undefined) return undefined;
    const isNumber = /^\d+$/.test(entry.value) && Number(entry.value) >= 1 && Number(entry.value) <= most;
    if (!isNumber) throw refusal(entry.line, `${key} as a number of 1 to ${most}`, entry.value);
    return Number(entry.value);
  };
  const [bindHost, portRanges] = [values.get("bind_addr")?.value, values.get("port_ranges")?.value];
  const [bindPort, heartbeatMs] = [number("bind_port", 65_535), number("heartbeat_rate", 86_400_000)];
  return {
    ...(bindHost !== undefined && { bindHost }),
    ...(portRanges !== undefined && { portRanges }),
    ...(bindPort !== undefined && { bindPort }),
    ...(heartbeatMs !== undefined && { heartbeatMs }),
  };
}

function refusal(line: number, expected: string, actual: string): WireError {
  return argumentError("config", `line ${line}`, expected, actual);
}
