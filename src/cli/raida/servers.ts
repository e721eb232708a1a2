/** The argument `--servers` of RAIDA commands. */
import { existsSync } from "node:fs";
import { argumentError, isWireError, WireError } from "../../errors.js";
import { RAIDA_COUNT, SERVER_KINDS, type ServerKind } from "../../protocols/raida/index.js";
import { parseAddress } from "../../transport/index.js";
import { readFile } from "../input.js";

/** The 25 servers of an argument, and what each of them runs. */
export interface ServerList {
  readonly servers: readonly string[];
  readonly kinds: readonly ServerKind[];
}

/**
 * Reads 25 servers by id: "host:port" separated by commas or white space, or a file of these, where `#` begins a
 * comment. The kind of a server may follow it: `c-server` or `specwire`.
 * @param kind the kind of servers without one
 * @throws WireError `argument`, with the line of a file
 */
export function readServers(argument: string, kind: ServerKind = "c-server"): ServerList {
  const isFile = existsSync(argument);
  if (!isFile && !argument.includes(":")) {
    throw argumentError("input", "servers", `a file, or ${RAIDA_COUNT} servers as host:port`, argument);
  }
  const text = isFile ? new TextDecoder().decode(readFile(argument)) : argument;
  const servers: string[] = [];
  const kinds: ServerKind[] = [];
  for (const [i, line] of text.split("\n").entries()) {
    const words = line.replace(/#.*/, "").split(/[\s,]+/);
    for (const word of words.filter((each) => each !== "")) {
      const known = SERVER_KINDS.find((one) => one === word);
      // A kind follows its server.
      if (known !== undefined && kinds.length > 0) {
        kinds[kinds.length - 1] = known;
        continue;
      }
      checkAddress(word, servers.length, isFile ? `${argument}:${i + 1}` : undefined);
      servers.push(word);
      kinds.push(kind);
    }
  }
  if (servers.length === RAIDA_COUNT) return { servers, kinds };
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
