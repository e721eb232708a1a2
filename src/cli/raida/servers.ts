/** The argument `--servers` of RAIDA commands. */
import { existsSync } from "node:fs";
import { argumentError, isWireError, WireError } from "../../errors.js";
import { RAIDA_COUNT } from "../../protocols/raida/index.js";
import { parseAddress } from "../../transport/index.js";
import { readFile } from "../input.js";

/**
 * Reads 25 servers by id: "host:port" separated by commas or white space, or a file of these, where `#` begins a
 * comment.
 * @throws WireError `argument`, with the line of a file
 */
export function readServers(argument: string): string[] {
  const isFile = existsSync(argument);
  const text = isFile ? new TextDecoder().decode(readFile(argument)) : argument;
  const servers: string[] = [];
  for (const [i, line] of text.split("\n").entries()) {
    const words = line.replace(/#.*/, "").split(/[\s,]+/);
    for (const word of words.filter((each) => each !== "")) {
      checkAddress(word, servers.length, isFile ? `${argument}:${i + 1}` : undefined);
      servers.push(word);
    }
  }
  if (servers.length === RAIDA_COUNT) return servers;
  throw argumentError("input", "servers", `${RAIDA_COUNT} servers as host:port`, String(servers.length));
}

/** @param line of a file, for an error */
function checkAddress(address: string, id: number, line: string | undefined): void {
  try {
    parseAddress(address, "input", `servers[${id}]`);
  } catch (error) {
    throw isWireError(error) && line !== undefined ? new WireError({ ...error.toJSON(), spec: line }) : error;
  }
}
