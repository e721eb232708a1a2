/** The argument `--servers` of RAIDA commands. */
import { existsSync } from "node:fs";
import { argumentError } from "../../errors.js";
import { RAIDA_COUNT } from "../../protocols/raida/index.js";
import { parseAddress } from "../../transport/index.js";
import { readFile } from "../input.js";

/**
 * Reads 25 servers by id: "host:port" separated by commas or white space, or a file of these, where `#` begins a
 * comment.
 * @throws WireError `argument`
 */
export function readServers(argument: string): string[] {
  const text = existsSync(argument) ? new TextDecoder().decode(readFile(argument)) : argument;
  const servers = text
    .replace(/#.*/g, "")
    .split(/[\s,]+/)
    .filter((word) => word !== "");
  for (const server of servers) parseAddress(server);
  if (servers.length === RAIDA_COUNT) return servers;
  throw argumentError("input", "servers", `${RAIDA_COUNT} servers as host:port`, String(servers.length));
}
