/** The command `rpc call`: one request, and its answer as a person reads it. */
import type { Command as Program } from "commander";
import { isBytes, toHex } from "../../bytes/index.js";
import {
  ANSWER_CODE_INFO,
  answerCodeOf,
  Command,
  Protocol,
  type RpcBody,
  type RpcMessage,
} from "../../protocols/rpc/index.js";
import { createRpcClient, type RpcResponse } from "../../protocols/rpc/node.js";
import { readBytes } from "../input.js";
import { integer } from "../options.js";
import { addPeerOptions, commandOf, nameOfCommand, viaOf, type PeerOptions } from "./common.js";

interface Options extends PeerOptions {
  readonly key?: string;
  readonly value?: string;
  readonly payload?: string;
  readonly raft?: boolean;
  readonly timeout: number;
  readonly raw?: boolean;
}

/** Bytes of a field that a line shows. */
const SHOWN_BYTES = 64;
const BYTES = "hex digits, a file, or - for standard input";

/** Adds the command to its group. */
export function addCall(rpc: Program): void {
  addPeerOptions(
    rpc
      .command("call")
      .description("send one request, and print its answer")
      .argument("<host:port>", "any peer")
      .argument("<command>", "for example ping, store, get or find_node; or a number")
      .option("--key <bytes>", `the key: ${BYTES}`)
      .option("--value <bytes>", "the value, likewise")
      .option("--payload <bytes>", "the payload, likewise")
      .option("--raft", "for the protocol Raft instead of Kademlia")
      .option("-W, --timeout <ms>", "timeout", integer(1, 3_600_000), 10_000),
  )
    .option("--raw", "write the value of the answer alone, as it is")
    .option("--json", "print the answer as JSON")
    .action(call);
}

async function call(peer: string, commandText: string, options: Options): Promise<void> {
  const command = commandOf(commandText);
  const { framing, timeout: timeoutMs } = options;
  const body: RpcBody = {
    command,
    protocol: options.raft === true ? Protocol.Raft : Protocol.Kademlia,
    ...(options.key !== undefined && { key: readBytes(options.key) }),
    ...(options.value !== undefined && { value: readBytes(options.value) }),
    ...(options.payload !== undefined && { payload: readBytes(options.payload) }),
  };
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort();
  process.once("SIGINT", stop);
  const client = createRpcClient({ framing, via: viaOf(options) });
  let response: RpcResponse;
  try {
    response = await client.request(peer, body, { timeoutMs, signal: interrupt.signal });
  } finally {
    process.removeListener("SIGINT", stop);
    await client.stop();
  }
  if (options.raw === true) process.stdout.write(response.message.value);
  else if (options.json === true) console.log(JSON.stringify(jsonOf(response), hexed, 2));
  else for (const line of linesOf(response)) console.log(line);
}

/** The answer by its fields; the command by its name. */
function jsonOf({ message, peer, rttMs }: RpcResponse): object {
  const { meta, ...fields } = message;
  const code = codeOf(message);
  const known = { peer, command: nameOf(message), ...(code !== undefined && { code }) };
  return { ...known, protocol: meta?.protocol ?? 0, rttMs, ...fields };
}

function hexed(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  return isBytes(value) ? toHex(value) : value;
}

function linesOf({ message, peer, rttMs }: RpcResponse): string[] {
  const { key, value, payload, nodes } = message;
  const lines = [`${nameOf(message)} from ${peer}${rttMs === undefined ? "" : `, ${rttMs.toFixed(2)} ms`}`];
  const code = codeOf(message);
  if (code !== undefined) lines.push(`code ${code}`);
  for (const [name, bytes] of Object.entries({ key, value, ...(code === undefined && { payload }) })) {
    if (bytes.length > 0) lines.push(`${name} ${shown(bytes)}`);
  }
  // As JSON, so that an address cannot control the terminal.
  for (const { address, id } of nodes) lines.push(`node ${toHex(id)} ${JSON.stringify(address)}`);
  return lines;
}

function nameOf({ meta }: RpcMessage): string {
  return nameOfCommand(meta?.command ?? 0);
}

/** What an ACK says beside that the request came. */
function codeOf(message: RpcMessage): string | undefined {
  if (message.meta?.command !== Command.ACK || message.payload.length === 0) return undefined;
  const code = answerCodeOf(message);
  return ANSWER_CODE_INFO[code]?.name ?? String(code);
}

function shown(bytes: Uint8Array): string {
  const hex = toHex(bytes.subarray(0, SHOWN_BYTES));
  return bytes.length <= SHOWN_BYTES ? hex : `${hex}… (${bytes.length} bytes)`;
}
