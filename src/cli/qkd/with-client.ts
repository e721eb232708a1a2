/** What the commands of a client share: who asks which KMEs, with what credentials, and how failures are told. */
import type { Command } from "commander";
import { argumentError, ERROR_TEXTS } from "../../errors.js";
import { QkdError } from "../../protocols/qkd/index.js";
import { createQkdClient, type QkdClient, type QkdTls } from "../../protocols/qkd/node.js";
import { exitCodeOf } from "../exit-codes.js";
import { readFile } from "../input.js";
import { integer, repeatable } from "../options.js";

/** The options of every command of a client. */
export interface ClientOptions {
  readonly kme: readonly string[];
  readonly sae: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly passphraseFile?: string;
  readonly kmeCn?: string;
  readonly kmeSha256?: string;
  readonly insecureLoopback?: boolean;
  readonly appends?: boolean;
  readonly retries: number;
  readonly timeoutMs: number;
  readonly totalTimeoutMs: number;
  readonly json?: boolean;
  readonly log?: boolean;
}

/** A client, and how its work is interrupted. */
export interface ClientWork {
  readonly client: QkdClient;
  readonly signal: AbortSignal;
  /** Prints a line for people, on standard error; not with `--json`. */
  say(line: string): void;
}

/** Adds a command of a client; the caller adds arguments and action. */
export function clientCommand(group: Command, name: string, description: string): Command {
  const milliseconds = integer(1, 3_600_000);
  return group
    .command(name)
    .description(description)
    .addOption(
      repeatable("--kme <url>", "https://host:port of a KME of this SAE; repeatable, the first is asked first"),
    )
    .requiredOption("--sae <id>", "the ID of this SAE")
    .option("--ca <file>", "the authorities of the KME, as PEM; by default those of Node.js")
    .option("--cert <file>", "the certificate of this SAE, as PEM")
    .option("--key <file>", "its private key, as PEM")
    .option("--passphrase-file <file>", "what decrypts the key; a line feed at the end does not count")
    .option("--kme-cn <name>", "the common name of the KME, whose certificate has no other name")
    .option("--kme-sha256 <hex>", "the SHA-256 of the certificate of the KME, instead of its name")
    .option("--insecure-loopback", "take http: URLs of this machine, where nobody proves who they are")
    .option("--appends", "the KMEs keep keys that were not fetched yet when new ones are asked for")
    .option("--retries <n>", "requests after the first", integer(0, 100), 3)
    .option("--timeout-ms <n>", "time of one request", milliseconds, 10_000)
    .option("--total-timeout-ms <n>", "time of all requests together", milliseconds, 50_000)
    .option("--log", "what the client does, as lines of JSON on standard error; no keys, no IDs")
    .option("--json", "one JSON value at the end; never with bytes of a key");
}

/**
 * Makes a client, does the work and always closes it; SIGINT gives up what is under way.
 * @returns the exit code: that of the work, or that of its failure, which is told on standard error
 * @throws WireError `argument` for options that do not fit together
 */
export async function withClient(options: ClientOptions, work: (work: ClientWork) => Promise<number>): Promise<number> {
  const { kme, sae, json = false, log = false, retries, timeoutMs, totalTimeoutMs } = options;
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort("interrupted");
  try {
    const client = createQkdClient({
      saeId: sae,
      endpoints: kme.map((url) => ({ url })),
      tls: tlsOf(options),
      retryAttempts: retries,
      timeoutMs,
      totalTimeoutMs,
      allowInsecureLoopback: options.insecureLoopback === true,
      kme: { appends: options.appends === true },
      ...(log && { log: (line) => console.error(JSON.stringify({ time: new Date().toISOString(), ...line })) }),
    });
    process.once("SIGINT", stop);
    try {
      const say = (line: string): void => (json ? undefined : console.error(line));
      return await work({ client, signal: interrupt.signal, say });
    } finally {
      process.off("SIGINT", stop);
      await client.close();
    }
  } catch (error) {
    if (!(error instanceof QkdError)) throw error;
    for (const line of told(error)) console.error(line);
    if (json) console.log(JSON.stringify({ error: error.toJSON() }));
    return exitCodeOf(error);
  }
}

function tlsOf({ ca, cert, key, passphraseFile, kmeCn, kmeSha256 }: ClientOptions): QkdTls {
  if (kmeCn !== undefined && kmeSha256 !== undefined) {
    throw argumentError("qkd", "kme-sha256", "none beside kme-cn");
  }
  return {
    ...(ca !== undefined && { ca: readFile(ca) }),
    ...(cert !== undefined && { cert: readFile(cert) }),
    ...(key !== undefined && { key: readFile(key) }),
    ...(passphraseFile !== undefined && { passphrase: passphraseIn(passphraseFile) }),
    ...(kmeCn !== undefined && { serverIdentity: { cn: kmeCn } }),
    ...(kmeSha256 !== undefined && { serverIdentity: { sha256Fingerprint: kmeSha256 } }),
  };
}

function passphraseIn(file: string): string {
  return new TextDecoder().decode(readFile(file)).replace(/\r?\n$/, "");
}

/** A failure in a few lines: what it is, what the KME says, and what became of keys. */
function told({
  code,
  reason,
  path,
  actual,
  kmeMessage,
  details = [],
  httpStatus,
  keyMayBeConsumed,
  endpoint,
}: QkdError) {
  const why = actual === undefined || actual === reason ? reason : actual;
  const at = endpoint === undefined ? "" : ` at ${endpoint}`;
  return [
    `specwire: ${path}${at}: ${ERROR_TEXTS[code]}: ${why}`,
    ...(kmeMessage === undefined ? [] : [`specwire: the KME says (${httpStatus}): ${kmeMessage}`]),
    ...details.map((detail) => `specwire: ${detail}`),
    ...(keyMayBeConsumed ? ["specwire: the KME may have given keys away, which nobody has now"] : []),
  ];
}
