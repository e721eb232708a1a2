/** Back ends of a store that a command names by URL: etcd, NATS and S3. */
import type { Command } from "commander";
import { argumentError, type WireError } from "../../errors.js";
import { closeAll, orClose } from "../../host/close-all.js";
import type { ChunkStore, MetadataStore } from "../../protocols/store/index.js";
import { openEtcdMetadata } from "../../protocols/store/etcd/node.js";
import { openNatsChunks } from "../../protocols/store/nats/node.js";
import { openS3Chunks } from "../../protocols/store/s3/node.js";

/** Where the parts of a store lie, if not in its folder. */
export interface EngineOptions {
  /** `etcd://HOST:PORT[,HOST:PORT…][/PREFIX]`, `etcds:` over TLS. */
  readonly metadata?: string;
  /** `nats://HOST:PORT[,HOST:PORT…][/STREAM][?replicas=N]`, or `s3://BUCKET[/PREFIX][?endpoint=URL&region=NAME]`. */
  readonly chunks?: string;
}

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
  "where the chunks lie, instead of the folder: nats://HOST:PORT,.../STREAM?replicas=3 or s3://BUCKET/PREFIX?endpoint=URL";

/** Adds the options; `part` stands before their names where a command has two stores. */
export function addEngines(command: Command, part = ""): Command {
  return command.option(`--${part}metadata <url>`, METADATA_HELP).option(`--${part}chunks <url>`, CHUNKS_HELP);
}

/** Opens what the options name. @throws WireError `argument`, and those of the back ends; then nothing is open */
export async function openEngines({ metadata, chunks }: EngineOptions, lock: LockOptions): Promise<Engines> {
  const openedChunks = chunks === undefined ? undefined : await openChunks(chunks);
  const open = async (): Promise<Engines> => {
    const openedMetadata = metadata === undefined ? undefined : await openMetadata(metadata, lock);
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
}

function openMetadata(url: string, lock: LockOptions) {
  const { scheme, hosts, path, query } = partsOf("metadata", url, ["etcd", "etcds"], []);
  const protocol = scheme === "etcds" ? "https" : "http";
  const prefix = path === "" ? {} : { prefix: `${path}/` };
  return openEtcdMetadata({ endpoints: hosts.map((host) => `${protocol}://${host}`), ...prefix, ...query, ...lock });
}

function openChunks(url: string) {
  const isS3 = url.startsWith("s3:");
  if (isS3) {
    const { hosts, path, query } = partsOf("chunks", url, ["s3"], ["endpoint", "region"]);
    return openS3Chunks({ bucket: hosts.join(","), ...(path !== "" && { prefix: `${path}/` }), client: query });
  }
  const { hosts, path, query } = partsOf("chunks", url, ["nats"], ["replicas"]);
  // Two streams cannot share their subjects.
  const names = path === "" ? {} : { stream: path, subject: path };
  return openNatsChunks({ servers: hosts, ...names, ...(query.replicas && { replicas: Number(query.replicas) }) });
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
    // What the user wrote may hold a password.
    throw argumentError("store", option, expected, `${scheme || "no"} URL`);
  }
  return { scheme, hosts: hosts.split(","), path: path.replace(/(?<!\/)\/+$/, ""), query };
}
