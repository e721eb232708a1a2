/** Back ends of a store that a command names by URL: etcd, NATS and S3. */
import type { Command } from "commander";
import { argumentError, type WireError } from "../../errors.js";
import { closeAll, orClose } from "../../host/close-all.js";
import type { ChunkStore, MetadataStore } from "../../protocols/store/index.js";
import { openEtcdMetadata } from "../../protocols/store/etcd/node.js";
import { openNatsChunks } from "../../protocols/store/nats/node.js";
import { openS3Chunks } from "../../protocols/store/s3/node.js";
import { CREDENTIALS_HELP, etcdCredentials, natsCredentials, s3Credentials, withCure } from "./credentials.js";

/** Where the parts of a store lie, if not in its folder. */
export interface EngineOptions {
  /** `etcd://HOST:PORT[,HOST:PORT…][/PREFIX]`, `etcds:` over TLS. */
  readonly metadata?: string;
  /** `nats://HOST:PORT[,HOST:PORT…][/STREAM][?replicas=N]`, `tls:` over TLS, or `s3://BUCKET[/PREFIX][?endpoint=URL&region=NAME]`. */
  readonly chunks?: string;
}

/** Which of the two stores of a command these are: each may have credentials of its own. */
export type EngineSide = "source" | "only";

/** What is open of them. */
export interface Engines {
  readonly metadata?: MetadataStore;
  readonly chunks?: ChunkStore;
  close(): Promise<void>;
}

/** How the lock of the metadata is taken, and who learns of its loss. */
export interface LockOptions {
  readonly takeLock: boolean;
  readonly onLockLost: (loss: WireError) => void;
}

const METADATA_HELP = "where the records lie, instead of the folder: etcd://HOST:PORT,.../PREFIX (etcds: over TLS)";
const CHUNKS_HELP =
  "where the chunks lie, instead of the folder: nats://HOST:PORT,.../STREAM?replicas=3 (tls: over TLS) or " +
  "s3://BUCKET/PREFIX?endpoint=URL&region=NAME";

/** Adds the options; `part` stands before their names where a command has two stores. */
export function addEngines(command: Command, part = ""): Command {
  if (part === "") command.addHelpText("after", CREDENTIALS_HELP);
  return command.option(`--${part}metadata <url>`, METADATA_HELP).option(`--${part}chunks <url>`, CHUNKS_HELP);
}

/** Opens what the options name. @throws WireError `argument`, and those of the back ends; then nothing is open */
export async function openEngines(
  { metadata, chunks }: EngineOptions,
  lock: LockOptions,
  side: EngineSide,
): Promise<Engines> {
  const isSource = side === "source";
  const openBoth = async (): Promise<Engines> => {
    const openedChunks = chunks === undefined ? undefined : await openChunks(chunks, isSource);
    const open = async (): Promise<Engines> => {
      const openedMetadata = metadata === undefined ? undefined : await openMetadata(metadata, isSource, lock);
      return {
        ...(openedChunks && { chunks: openedChunks.chunks }),
        ...(openedMetadata && { metadata: openedMetadata.metadata }),
        close: () =>
          closeAll(
            () => openedMetadata?.close(),
            () => openedChunks?.close(),
          ),
      };
    };
    return orClose(open, () => openedChunks?.close());
  };
  return openBoth().catch((error: unknown) => {
    throw withCure(error);
  });
}

function openMetadata(url: string, isSource: boolean, lock: LockOptions) {
  const { scheme, hosts, path } = partsOf("metadata", url, ["etcd", "etcds"], []);
  const protocol = scheme === "etcds" ? "https" : "http";
  const prefix = path === "" ? {} : { prefix: `${path}/` };
  const endpoints = hosts.map((host) => `${protocol}://${host}`);
  return openEtcdMetadata({ endpoints, ...prefix, ...etcdCredentials(isSource), ...lock });
}

function openChunks(url: string, isSource: boolean) {
  if (url.startsWith("s3:")) {
    const { hosts, path, query } = partsOf("chunks", url, ["s3"], ["endpoint", "region"]);
    const prefix = path === "" ? {} : { prefix: `${path}/` };
    return openS3Chunks({ bucket: hosts.join(","), ...prefix, client: { ...s3Credentials(isSource), ...query } });
  }
  const { scheme, hosts, path, query } = partsOf("chunks", url, ["nats", "tls"], ["replicas"]);
  // Two streams cannot share their subjects.
  const names = path === "" ? {} : { stream: path, subject: path };
  const credentials = { ...natsCredentials(isSource) };
  // A server that offers no TLS is refused.
  if (scheme === "tls") credentials.tls ??= {};
  return openNatsChunks({
    servers: hosts,
    ...names,
    ...credentials,
    ...(query.replicas && { replicas: Number(query.replicas) }),
  });
}

/** The parts of a URL, which may name several hosts. @throws WireError `argument` */
function partsOf<Key extends string>(option: string, url: string, schemes: readonly string[], keys: readonly Key[]) {
  const match = /^([a-z0-9]+):\/\/([^/?@\s]+)(?:\/([^?\s]*))?(?:\?(.*))?$/.exec(url);
  const [, scheme = "", hosts = "", path = "", search = ""] = match ?? [];
  const query = Object.fromEntries(new URLSearchParams(search)) as Partial<Record<Key, string>>;
  const isKnown = Object.keys(query).every((key) => (keys as readonly string[]).includes(key));
  if (!schemes.includes(scheme) || !isKnown) {
    const expected =
      option === "metadata" ? "etcd://HOST:PORT/PREFIX" : "nats://HOST:PORT/STREAM or s3://BUCKET/PREFIX";
    // What the user wrote may hold a password, which belongs into the environment.
    throw argumentError(
      "store",
      option,
      expected,
      url.includes("@") ? "a URL with a user (see --help)" : `${scheme || "no"} URL`,
    );
  }
  return { scheme, hosts: hosts.split(","), path: path.replace(/(?<!\/)\/+$/, ""), query };
}
