/** Chunks in a bucket of S3, or of what speaks its language: one object a chunk. */
import type * as S3 from "@aws-sdk/client-s3";
import { own, toHex } from "../../../bytes/index.js";
import { argumentError, isWireError, WireError } from "../../../errors.js";
import { sha256 } from "../../../kernel/index.js";
import { LIST_KEYS_MAX, type ChunkStore, type Confirm } from "../back-ends.js";
import { BLOCK_BYTES_MAX } from "../block-size.js";
import { Exchange, type ExchangeOptions } from "../exchange/node.js";
import { requireChunkKey } from "../layout.js";
import { tooLong } from "../memory.js";

export type { ExchangeOptions } from "../exchange/node.js";

const FORMAT = "store_s3";
/** Metadata of an object: SHA-256 of its bytes, in hex. */
const HASH = "sha256";

/** Names of the errors of a service that does not take these keys. */
const CREDENTIALS: ReadonlySet<string> = new Set([
  "ExpiredToken",
  "InvalidAccessKeyId",
  "InvalidToken",
  "SignatureDoesNotMatch",
]);

/** Options of {@link openS3Chunks}. */
export interface S3ChunksOptions extends ExchangeOptions {
  /** The name of the bucket, which is there. */
  readonly bucket: string;
  /** What the names of all objects begin with: up to 200 printable characters of ASCII. Default "data/". */
  readonly prefix?: string;
  /** Further options of the client of `@aws-sdk/client-s3`: `endpoint`, `region`, `credentials`. Default its own. */
  readonly client?: Readonly<Record<string, unknown>>;
}

/** Chunks in a bucket, and how to leave it. */
export interface S3Chunks {
  readonly chunks: ChunkStore;
  /** Ends calls under way. */
  close(): Promise<void>;
}

/**
 * Opens chunks in a bucket. Needs the package `@aws-sdk/client-s3`. A call that resolved is as durable as the service
 * says.
 * @throws WireError `argument`, also where the package is missing; `storage` where the bucket is, or is refused;
 *   `timeout`, `unreachable`
 */
export async function openS3Chunks(options: S3ChunksOptions): Promise<S3Chunks> {
  const { bucket, prefix = "data/" } = options;
  if (!/^[\w.-]{1,255}$/.test(bucket)) throw argumentError(FORMAT, "bucket", "the name of a bucket", bucket);
  if (!/^[\x20-\x7e]{0,200}$/.test(prefix)) throw argumentError(FORMAT, "prefix", "printable ASCII", typeof prefix);
  const exchange = new Exchange(FORMAT, options);
  try {
    const library = await loadClient();
    const client = new library.S3Client({
      // Attempts are made here, within one deadline; and not every service knows the newer checksums.
      maxAttempts: 1,
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
      // Without it, a bucket would have to be a name of the network.
      forcePathStyle: options.client?.["endpoint"] !== undefined,
      ...options.client,
    });
    await requireRegion(client);
    const chunks = new Chunks(exchange, library, client, bucket, prefix);
    // An object that is missing looks like a bucket that is; a list does not.
    await chunks.list("");
    const close = async (): Promise<void> => {
      exchange.end();
      client.destroy();
    };
    return { chunks, close };
  } catch (error) {
    exchange.end();
    throw error;
  }
}

async function loadClient(): Promise<typeof S3> {
  try {
    return await import("@aws-sdk/client-s3");
  } catch (error) {
    const expected = "the package @aws-sdk/client-s3, which is not installed";
    throw argumentError(FORMAT, "client", expected, undefined, { cause: error });
  }
}

/** @throws WireError `argument` where neither options nor environment name a region: requests are signed for one */
async function requireRegion(client: S3.S3Client): Promise<void> {
  try {
    await client.config.region();
  } catch (cause) {
    throw argumentError(FORMAT, "client.region", "a region, here or in AWS_REGION", "none", { cause });
  }
}

class Chunks implements ChunkStore {
  readonly #exchange: Exchange;
  readonly #s3: typeof S3;
  readonly #client: S3.S3Client;
  readonly #bucket: string;
  readonly #prefix: string;

  constructor(exchange: Exchange, s3: typeof S3, client: S3.S3Client, bucket: string, prefix: string) {
    this.#exchange = exchange;
    this.#s3 = s3;
    this.#client = client;
    this.#bucket = bucket;
    this.#prefix = prefix;
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    const object = this.#objectOf(key);
    if (bytes.length > BLOCK_BYTES_MAX) throw tooLong(key, BLOCK_BYTES_MAX, bytes.length);
    // The caller has its buffer again when this is over; an attempt that was given up may still send.
    const body = own(bytes);
    const put = { ...object, Body: body, Metadata: { [HASH]: toHex(sha256(body)) } };
    await this.#call("put", (abortSignal) => this.#client.send(new this.#s3.PutObjectCommand(put), { abortSignal }));
  }

  async get(key: string, bytesMax: number): Promise<Uint8Array | undefined> {
    const object = this.#objectOf(key);
    const found = await this.#unlessMissing("get", async (abortSignal) => {
      const reply = await this.#client.send(new this.#s3.GetObjectCommand(object), { abortSignal });
      const length = reply.ContentLength ?? Infinity;
      if (length > bytesMax) {
        // What is not read keeps its connection.
        (reply.Body as { destroy?: () => void } | undefined)?.destroy?.();
        throw tooLong(key, bytesMax, length);
      }
      const bytes = (await reply.Body?.transformToByteArray()) ?? new Uint8Array();
      return { bytes, hash: reply.Metadata?.[HASH] };
    });
    if (found === undefined) return undefined;
    const { bytes, hash } = found;
    if (toHex(sha256(bytes)) === hash) return own(bytes);
    const actual = hash === undefined ? "an object without their hash" : `other bytes, not ${hash}`;
    throw new WireError({ code: "crc", format: FORMAT, path: key, expected: "the bytes that were put", actual });
  }

  async has(key: string): Promise<boolean> {
    const object = this.#objectOf(key);
    const found = await this.#unlessMissing("has", (abortSignal) =>
      this.#client.send(new this.#s3.HeadObjectCommand(object), { abortSignal }),
    );
    return found !== undefined;
  }

  async delete(key: string, confirm?: Confirm): Promise<void> {
    const object = this.#objectOf(key);
    // Objects of the same bytes look alike: a deletion that arrives late cannot tell a later put from an earlier one.
    await confirm?.();
    await this.#unlessMissing("delete", (abortSignal) =>
      this.#client.send(new this.#s3.DeleteObjectCommand(object), { abortSignal }),
    );
  }

  async list(after: string): Promise<readonly string[]> {
    for (let last = after; ;) {
      const page = {
        Bucket: this.#bucket,
        Prefix: this.#prefix,
        MaxKeys: LIST_KEYS_MAX,
        ...(last !== "" && { StartAfter: this.#prefix + last }),
      };
      const reply = await this.#call("list", (abortSignal) =>
        this.#client.send(new this.#s3.ListObjectsV2Command(page), { abortSignal }),
      );
      const names = (reply.Contents ?? []).map(({ Key = "" }) => Key.slice(this.#prefix.length));
      const keys = names.filter((name) => /^[0-9a-f]{40}$/.test(name) && name > last);
      // A page of objects that are no chunks is not the end.
      if (keys.length > 0 || reply.IsTruncated !== true || names.length === 0) return keys;
      last = names.at(-1)!;
    }
  }

  async sweep(): Promise<number> {
    return 0;
  }

  async sync(): Promise<void> {}

  #objectOf(key: string) {
    return { Bucket: this.#bucket, Key: this.#prefix + requireChunkKey(key) };
  }

  /** Undefined where the object is missing. */
  #unlessMissing<T>(path: string, work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    return this.#call(path, async (signal) => {
      try {
        return await work(signal);
      } catch (error) {
        if (statusOf(error) === 404 && (error as Error).name !== "NoSuchBucket") return undefined;
        throw error;
      }
    });
  }

  #call<T>(path: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.#exchange.run(path, async (attempt) => {
      try {
        return await work(attempt.signal);
      } catch (error) {
        const status = statusOf(error);
        const { name, message } = error as Error;
        // Of the answers to HEAD, the status is all that there is.
        if (CREDENTIALS.has(name)) throw this.#exchange.error("credentials", path, name, error);
        if (name === "CredentialsProviderError") throw this.#exchange.error("credentials", path, message, error);
        const mayPass = status === undefined || status >= 500 || status === 408 || status === 429;
        if (isWireError(error) || mayPass) throw error;
        throw this.#exchange.error("storage", path, `${(error as Error).name} (${status})`, error);
      }
    });
  }
}

/** The status that the service answered with; undefined where it did not. */
function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}
