/** The commands `raft get`, `put`, `cas` and `delete`: keys and values of a cluster that `raft serve` runs. */
import { Option, type Command } from "commander";
import { fromHex, toHex } from "../../bytes/index.js";
import { argumentError } from "../../errors.js";
import { decodeKv, encodeKv, KvCode, type KvAnswer, type KvRequest } from "../../protocols/raft/index.js";
import { EXIT_NO } from "../exit-codes.js";
import { addAsking, asClient, type AskOptions } from "./common.js";

interface KeyOptions extends AskOptions {
  readonly hex?: boolean;
}

interface GetOptions extends KeyOptions {
  readonly mode: "readIndex" | "lease" | "local";
}

interface CasOptions extends KeyOptions {
  readonly expect?: string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Adds the command `get`. */
export function addGet(group: Command): void {
  addKeyOptions(group.command("get").description("read the value of a key; exit 1 if there is none"))
    .addOption(
      new Option("--mode <mode>", "by a round of messages, by the lease of the leader, or what its member has")
        .choices(["readIndex", "lease", "local"])
        .default("readIndex"),
    )
    .addHelpText("after", "\nExample:\n  specwire raft get greeting")
    .action(async (key: string, options: GetOptions) => {
      const query = encodeKv({ op: "get", key: bytesOf("key", key, options) });
      await asClient(options, async (client, bounds) => {
        const { index, result } = await client.read(query, { ...bounds, mode: options.mode });
        show(decodeKv(result), index, options, true);
      });
    });
}

/** Adds the command `put`. */
export function addPut(group: Command): void {
  addKeyOptions(group.command("put").description("set the value of a key"))
    .argument("<value>", "text, or hex with --hex")
    .addHelpText("after", "\nExample:\n  specwire raft put greeting hello")
    .action((key: string, value: string, options: KeyOptions) =>
      propose({ op: "put", key: bytesOf("key", key, options), value: bytesOf("value", value, options) }, options),
    );
}

/** Adds the command `cas`. */
export function addCas(group: Command): void {
  addKeyOptions(
    group.command("cas").description("set the value of a key if it has the one expected; exit 1 with the one it has"),
  )
    .argument("<value>", "text, or hex with --hex")
    .option("--expect <value>", "the value that it must have; without it the key must not exist")
    .addHelpText("after", "\nExamples:\n  specwire raft cas lock me\n  specwire raft cas lock you --expect me")
    .action((key: string, value: string, options: CasOptions) => {
      const expected = options.expect === undefined ? undefined : bytesOf("expect", options.expect, options);
      const request = { key: bytesOf("key", key, options), expected, value: bytesOf("value", value, options) };
      return propose({ op: "cas", ...request }, options);
    });
}

/** Adds the command `delete`. */
export function addDelete(group: Command): void {
  addKeyOptions(group.command("delete").description("remove a key; exit 1 if there is none"))
    .addHelpText("after", "\nExample:\n  specwire raft delete greeting")
    .action((key: string, options: KeyOptions) =>
      propose({ op: "delete", key: bytesOf("key", key, options) }, options),
    );
}

function addKeyOptions(command: Command): Command {
  return addAsking(command.argument("<key>", "text, or hex with --hex")).option(
    "--hex",
    "keys and values are hex digits",
  );
}

function propose(request: KvRequest, options: KeyOptions): Promise<void> {
  const command = encodeKv(request);
  return asClient(options, async (client, bounds) => {
    const { index, result } = await client.propose(command, bounds);
    const found = decodeKv(result);
    const isSet = request.op === "cas" && found.code === KvCode.done;
    show(isSet ? { ...found, value: request.value } : found, index, options, request.op === "cas");
  });
}

/** What a code says, where it says more than its name. */
const REFUSALS: Readonly<Record<string, string>> = {
  missing: "there is no such key",
  different: "the key has another value",
};

/** Prints an answer. @param showsValue whether its value says something that the caller does not know */
function show({ code, value }: KvAnswer, index: number, { json, hex }: KeyOptions, showsValue: boolean): void {
  const [name] = Object.entries(KvCode).find(([, number]) => number === code)!;
  if (code !== KvCode.done) process.exitCode = EXIT_NO;
  const text = hex === true ? toHex(value) : decoder.decode(value);
  if (json === true) return console.log(JSON.stringify({ index, code: name, ...(showsValue && { value: text }) }));
  if (code === KvCode.done) return console.log(showsValue ? text : `done at ${index}`);
  if (code === KvCode.different) console.log(text);
  console.error(`specwire: ${REFUSALS[name] ?? name}`);
}

function bytesOf(path: string, text: string, { hex }: KeyOptions): Uint8Array {
  if (hex !== true) return encoder.encode(text);
  const isHex = /^([0-9a-f]{2})*$/i.test(text);
  if (!isHex) throw argumentError("raft", path, "hex digits", JSON.stringify(text));
  return fromHex(text);
}
