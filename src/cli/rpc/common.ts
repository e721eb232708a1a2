/** What the commands of RPC share: options of peers, and names of commands. */
import { Option, type Command as Program } from "commander";
import { argumentError } from "../../errors.js";
import { Command, COMMAND_INFO, type RpcFraming, type RpcVia } from "../../protocols/rpc/index.js";

/** Options of all commands that ask a peer. */
export interface PeerOptions {
  readonly framing: RpcFraming;
  readonly udp?: boolean;
  readonly json?: boolean;
}

/** Adds the option that says how frames begin. */
export function addFraming(command: Program): Program {
  return command.addOption(
    new Option("--framing <name>", "the length in front of a message; nothing on the wire tells which: both ends agree")
      .choices(["uint16be", "uint32be"])
      .default("uint16be"),
  );
}

/** Adds the options of a command that asks a peer. */
export function addPeerOptions(command: Program): Program {
  return addFraming(command).option("--udp", "datagrams instead of connections");
}

/** How requests travel. */
export function viaOf({ udp }: PeerOptions): RpcVia {
  return udp === true ? "datagram" : "stream";
}

/** The number of a command by its name, in any case, or by itself. @throws WireError `argument` */
export function commandOf(text: string): number {
  const known = Object.entries(Command).find(([name]) => name === text.toUpperCase());
  if (known !== undefined) return known[1];
  // An int32: peers read larger numbers as others.
  if (/^\d{1,10}$/.test(text) && Number(text) <= 0x7fff_ffff) return Number(text);
  const names = Object.keys(Command).map((name) => name.toLowerCase());
  throw argumentError("rpc", "command", `one of ${names.join(", ")}, or a number`, JSON.stringify(text.slice(0, 80)));
}

/** The name of a command, or its number. */
export function nameOfCommand(command: number): string {
  return COMMAND_INFO[command]?.name ?? String(command);
}
