/** The command `qkd kme`, which runs a pair of development KMEs until a signal stops it. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvalidArgumentError, Option, type Command } from "commander";
import { argumentError } from "../../errors.js";
import { KME_DIALECTS, type KmeDialect, type KmeDialectName } from "../../protocols/qkd/kme/dialects.js";
import { CONNECTION_FAULTS, parseFault, REPLY_FAULTS } from "../../protocols/qkd/kme/faults.js";
import { pinned, startKmePair, type RunningKmePair } from "../../protocols/qkd/kme/node.js";
import type { KmeIds } from "../../protocols/qkd/kme/pair.js";
import { integer, repeatable } from "../options.js";
import { openOutput } from "../server-output.js";
import type { KmeCertificates } from "../../protocols/qkd/kme/credentials.js";

interface Options {
  readonly dir?: string;
  readonly host: string;
  readonly port: number;
  readonly peerPort: number;
  readonly sae: readonly [string, string];
  readonly dialect: KmeDialectName;
  readonly undelivered?: KmeDialect["undelivered"];
  readonly exhausted?: "400" | "503";
  readonly missing?: KmeDialect["missingKeys"];
  readonly decOrder?: KmeDialect["decOrder"];
  readonly errors?: KmeDialect["errors"];
  readonly validation?: KmeDialect["validation"];
  readonly keySize?: number;
  readonly minKeySize?: number;
  readonly maxKeySize?: number;
  readonly maxKeyCount: number;
  readonly maxPerRequest: number;
  readonly pool?: number;
  readonly rate: number;
  readonly warmUp: number;
  readonly tls: "1.2" | "1.3" | "any";
  readonly http?: boolean;
  readonly cnOnly?: boolean;
  readonly keepAlive: boolean;
  readonly fault: readonly string[];
  readonly json?: boolean;
}

const COUNT = integer(0, 10_000_000);
const PORT = integer(0, 65_535);

const FAULTS_HELP = `
Faults, as --fault OPERATION:FAULT[:TIMES]; an operation is status, enc_keys, dec_keys or any:
${Object.entries({ ...CONNECTION_FAULTS, ...REPLY_FAULTS })
  .map(([name, what]) => `  ${name.padEnd(13)} ${what}`)
  .join("\n")}
  slow=MS       answers so many milliseconds later
  html=STATUS   answers with a page of that status; nothing is done
  json=STATUS   answers with JSON of that status; json=503/2 with Retry-After: 2

Examples:
  specwire qkd kme
  specwire qkd kme --dialect fork --fault enc_keys:json=503/2:1
  specwire qkd kme --undelivered kept --tls 1.2 --fault dec_keys:cut-after:1`;

export function addKme(group: Command): void {
  const choice = (flags: string, description: string, choices: readonly string[]): Option =>
    new Option(flags, `${description}; by default as the dialect`).choices(choices);
  group
    .command("kme")
    .description("a pair of development KMEs with certificates of their own, until SIGINT or SIGTERM")
    .option("--dir <dir>", "a folder for certificates and keys; by default a new one, which is removed at the end")
    .option("--host <address>", "where both listen", "127.0.0.1")
    .option("--port <n>", "port of the first KME; 0 for any", PORT, 13_000)
    .option("--peer-port <n>", "port of the second KME", PORT, 14_000)
    .addOption(new Option("--sae <names>", "the two SAEs").argParser(saeNames).default(["alice", "bob"], "alice,bob"))
    .addOption(
      new Option("--dialect <name>", "upstream throws undelivered keys away; fork and py keep them")
        .choices(Object.keys(KME_DIALECTS))
        .default("upstream"),
    )
    .addOption(choice("--undelivered <what>", "keys that nobody fetched, at the next enc_keys", ["lost", "kept"]))
    .addOption(choice("--exhausted <status>", "the status when too few keys are left", ["400", "503"]))
    .addOption(choice("--missing <what>", "some IDs of dec_keys are unknown: 400, or 206", ["refuse", "partial"]))
    .addOption(choice("--dec-order <order>", "the order of the keys of dec_keys", ["store", "request"]))
    .addOption(choice("--errors <form>", "bodies of errors", ["message", "detail", "html"]))
    .addOption(choice("--validation <form>", "numbers and sizes out of range: 400, or 422", ["message", "framework"]))
    .option("--key-size <bits>", "size of a key without one of its own", COUNT)
    .option("--min-key-size <bits>", "the smallest size", COUNT)
    .option("--max-key-size <bits>", "the largest size", COUNT)
    .option("--max-key-count <n>", "keys that can be stored", COUNT, 1_000)
    .option("--max-per-request <n>", "keys of one request", COUNT, 128)
    .option("--pool <n>", "free keys at the start; by default as many as can be stored", COUNT)
    .option("--rate <n>", "keys that are made in a second", COUNT, 100)
    .option("--warm-up <ms>", "time in which a KME does not know the other", COUNT, 0)
    .addOption(new Option("--tls <version>", "the only version of TLS").choices(["1.2", "1.3", "any"]).default("any"))
    .option("--http", "plain HTTP, without certificates: nobody proves who they are")
    .option("--cn-only", "certificates of the servers have a common name alone, as those of the simulators")
    .option("--no-keep-alive", "each answer closes its connection")
    .addOption(repeatable("--fault <fault>", "something goes wrong, see below; repeatable"))
    .option("--json", "a line of JSON for the addresses, then one for each request")
    .addHelpText("after", FAULTS_HELP)
    .action(async (options: Options) => {
      process.exitCode = await serve(options);
    });
}

async function serve(options: Options): Promise<number> {
  const faults = options.fault.map(parseFault);
  const ids: readonly [KmeIds, KmeIds] = [
    { kmeId: `kme-${options.sae[0]}`, saeId: options.sae[0] },
    { kmeId: `kme-${options.sae[1]}`, saeId: options.sae[1] },
  ];
  const folder = options.http === true ? undefined : openFolder(options.dir);
  const stopped = signalled();
  const output = await openOutput();
  const say = (line: string): void => output.write(`${line}\n`);
  try {
    const tls = folder === undefined ? undefined : await newCertificates(ids, options, folder.path);
    const pair = await start(options, ids, faults, tls, say);
    try {
      if (options.json === true) say(JSON.stringify(announcement(pair, folder?.path)));
      else for (const line of greeting(pair, ids, options, folder?.path)) say(line);
      await stopped;
    } finally {
      await pair.close();
    }
  } finally {
    await output.close();
    if (folder?.isOurs === true) rmSync(folder.path, { recursive: true });
  }
  return 0;
}

type Tls = Pick<KmeCertificates, "authority" | "servers"> & { readonly ids: readonly [KmeIds, KmeIds] };

async function start(
  options: Options,
  ids: readonly [KmeIds, KmeIds],
  faults: ReturnType<typeof parseFault>[],
  tls: Tls | undefined,
  say: (line: string) => void,
): Promise<RunningKmePair> {
  const { keySize, minKeySize, maxKeySize, pool, rate, http = false } = options;
  const version = options.tls === "any" ? {} : { minVersion: `TLSv${options.tls}`, maxVersion: `TLSv${options.tls}` };
  try {
    return await startKmePair({
      dialect: options.dialect,
      differences: differencesOf(options),
      sizes: {
        ...(keySize !== undefined && { key: keySize }),
        ...(minKeySize !== undefined && { least: minKeySize }),
        ...(maxKeySize !== undefined && { most: maxKeySize }),
      },
      maxKeyCount: options.maxKeyCount,
      maxKeyPerRequest: options.maxPerRequest,
      pool: { perSecond: rate, ...(pool !== undefined && { first: pool }) },
      warmUpMs: options.warmUp,
      ids: tls?.ids ?? ids,
      ...(!http &&
        tls !== undefined && { tls: { authorities: tls.authority, servers: tls.servers, ...(version as object) } }),
      host: options.host,
      ports: [options.port, options.peerPort],
      faults,
      keepAlive: options.keepAlive,
      ...(options.json === true && { log: (line) => say(JSON.stringify(line)) }),
    });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== "EADDRINUSE" && code !== "EACCES" && code !== "EADDRNOTAVAIL") throw cause;
    throw argumentError("kme", "port", "an address that is free", `${options.host} (${code})`, { cause });
  }
}

function differencesOf(options: Options): Partial<KmeDialect> {
  const { undelivered, exhausted, missing, decOrder, errors, validation } = options;
  return {
    ...(undelivered !== undefined && { undelivered }),
    ...(exhausted !== undefined && { exhausted: exhausted === "400" ? 400 : 503 }),
    ...(missing !== undefined && { missingKeys: missing }),
    ...(decOrder !== undefined && { decOrder }),
    ...(errors !== undefined && { errors }),
    ...(validation !== undefined && { validation }),
  };
}

/** Makes all certificates and writes them, keys for their owner alone. */
async function newCertificates(ids: readonly [KmeIds, KmeIds], options: Options, folder: string): Promise<Tls> {
  // Other commands do not wait for the library of certificates.
  const { makeKmeCertificates } = await import("./kme-certificates.js");
  const hosts = options.cnOnly === true ? [] : [...new Set(["localhost", "127.0.0.1", "::1", options.host])];
  const all = await makeKmeCertificates({ ids, hosts, days: 30 });
  const write = (name: string, { certificate, key }: { certificate: string; key: string }): void => {
    writeFileSync(join(folder, `${name}.pem`), `${certificate}\n`);
    writeSecret(join(folder, `${name}-key.pem`), `${key}\n`);
  };
  writeFileSync(join(folder, "ca.pem"), `${all.authority}\n`);
  writeFileSync(join(folder, "other-ca.pem"), `${all.otherAuthority}\n`);
  for (const [i, { saeId }] of ids.entries()) {
    const { good, ...bad } = all.saes[i as 0 | 1];
    write(saeId, good);
    for (const [name, credentials] of Object.entries(bad)) write(`${saeId}-${name}`, credentials);
  }
  write("stranger", all.stranger);
  return { authority: all.authority, servers: all.servers, ids: pinned(ids, all) };
}

function writeSecret(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 });
  // The mode of a file that is there already stays as it was.
  chmodSync(path, 0o600);
}

/** @throws WireError `argument` for a folder that cannot be made */
function openFolder(dir: string | undefined): { readonly path: string; readonly isOurs: boolean } {
  if (dir === undefined) return { path: mkdtempSync(join(tmpdir(), "specwire-kme-")), isOurs: true };
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw argumentError("kme", "dir", "a folder", (cause as NodeJS.ErrnoException).code, { cause });
  }
  return { path: dir, isOurs: false };
}

/** What a person needs who wants to try it: the same three steps with `curl` and with this program. */
function greeting(
  { kmes }: RunningKmePair,
  ids: readonly [KmeIds, KmeIds],
  { cnOnly = false }: Options,
  folder: string | undefined,
): string[] {
  const [one, other] = [ids[0].saeId, ids[1].saeId];
  const curl = (from: 0 | 1, to: string): string => {
    const { saeId, kmeId } = ids[from];
    const { url } = kmes[from];
    if (folder === undefined) return `curl ${url}/api/v1/keys/${to}/`;
    const files = `--cacert ${folder}/ca.pem --cert ${folder}/${saeId}.pem --key ${folder}/${saeId}-key.pem`;
    if (!cnOnly) return `curl ${files} ${url}/api/v1/keys/${to}/`;
    const { hostname, port } = new URL(url);
    return `curl --resolve ${kmeId}:${port}:${hostname} ${files} https://${kmeId}:${port}/api/v1/keys/${to}/`;
  };
  const own = (command: string, from: 0 | 1, to: string): string => {
    const { saeId, kmeId } = ids[from];
    const files = `--ca ${folder}/ca.pem --cert ${folder}/${saeId}.pem --key ${folder}/${saeId}-key.pem`;
    const proof = folder === undefined ? "--insecure-loopback" : cnOnly ? `${files} --kme-cn ${kmeId}` : files;
    return `specwire qkd ${command} ${to} --sae ${saeId} --kme ${kmes[from].url} ${proof}`;
  };
  return [
    ...kmes.map(({ url }, i) => `${ids[i]!.kmeId} for the SAE ${ids[i]!.saeId}: ${url}`),
    ...(folder === undefined ? [] : [`certificates and keys: ${folder}`]),
    "",
    `${curl(0, other)}status`,
    `${curl(0, other)}enc_keys -H content-type:application/json -d '{"number":1,"size":256}'`,
    `${curl(1, one)}dec_keys -H content-type:application/json -d '{"key_IDs":[{"key_ID":"..."}]}'`,
    "",
    own("status", 0, other),
    `${own("enc", 0, other)} --out keys.json > ids.txt`,
    `${own("dec", 1, one)} --ids ids.txt --out same-keys.json`,
    "",
  ];
}

function announcement({ kmes }: RunningKmePair, folder: string | undefined): object {
  return {
    event: "listening",
    kmes: kmes.map(({ url, rules }) => ({ url, kme: rules.settings.kmeId, sae: rules.settings.saeId })),
    ...(folder !== undefined && { certificates: folder }),
  };
}

/** Resolves at the first signal; a second one kills the process. */
function signalled(): Promise<void> {
  return new Promise((resolve) => {
    const onSignal = (): void => {
      for (const signal of ["SIGINT", "SIGTERM"]) process.off(signal, onSignal);
      resolve();
    };
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, onSignal);
  });
}

function saeNames(text: string): readonly [string, string] {
  const [one, other, ...rest] = text.split(",");
  const isName = (name: string | undefined): name is string => /^[\w.-]{1,60}$/.test(name ?? "");
  if (isName(one) && isName(other) && rest.length === 0 && one !== other) return [one, other];
  throw new InvalidArgumentError("two different names of letters, digits, dots and dashes");
}
