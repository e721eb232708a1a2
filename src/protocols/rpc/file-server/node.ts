/** The file server protocol over TCP: a server of a store, and a client, for Node.js. */
import { isBytes, toHex } from "../../../bytes/index.js";
import { argumentError, isWireError, type WireError } from "../../../errors.js";
import { hostOptions, withoutHostOptions, type HostOptions } from "../../../host/host-options.js";
import { run, type Host, type LogSink } from "../../../host/index.js";
import type { Limits } from "../../../limits.js";
import { countUp, tracedOptions, type LinkId, type TraceWriter } from "../../../machine/index.js";
import { tcp } from "../../../transport/index.js";
import { FileClient, type FileClientCall, type FileClientValue } from "./client-machine.js";
import type { FileClientOptions } from "./client-options.js";
import type { ListedFile } from "./listing.js";
import { FILE_CLIENT_OPTIONS, FILE_SERVER_OPTIONS } from "./machines.js";
import { FORMAT, type ServedFileId } from "./rules.js";
import {
  FileServer,
  type FileServerCall,
  type FileServerEvent,
  type FileServerOptions,
  type FileServerReply,
  type FileServerValue,
} from "./server-machine.js";
import type { ServedStore } from "./store.js";

export type { FileServerEvent, ListedFile, ServedStore };

/** Bytes that wait on one link before the next part is asked for. A link is closed by force a while after its last. */
const WRITE_QUEUE_BYTES_MAX = 64 * 1024;
/** Bytes of one part that is sent. */
const PART_BYTES = 64 * 1024;

/** Options of the host that runs a server or a client. */
export interface FileHostOptions extends HostOptions {
  /** Limits of the host that differ from the default; `writeQueueBytesMax` is 64 KiB here. */
  readonly limits?: Partial<Limits>;
  /** Records the machine under the name `file-server` or `file-client`. A trace holds the files. */
  readonly trace?: TraceWriter;
}

/** Options of {@link startFileServer}. */
export interface StartFileServerOptions extends FileServerOptions, FileHostOptions {
  /** Keeps the files, for example a key store. */
  readonly store: ServedStore;
  /** "host:port"; port 0 takes any. Default "127.0.0.1:0". Known servers listen at port 9000. */
  readonly listen?: string;
}

/** A running server. */
export interface RunningFileServer {
  /** "host:port". */
  readonly address: string;
  /** Calls `listener` with every request; returns a function that unsubscribes. */
  subscribe(listener: (event: FileServerEvent) => void): () => void;
  /** Closes all sockets, and waits until the store is at rest. */
  stop(): Promise<void>;
}

type ServerHost = Host<FileServerCall, FileServerValue, FileServerEvent>;

/** Starts a server on TCP. @throws WireError `argument` for an invalid option or an address that is taken */
export async function startFileServer(options: StartFileServerOptions): Promise<RunningFileServer> {
  const { store, listen = "127.0.0.1:0", limits, ...serverOptions } = withoutHostOptions(options);
  const host: ServerHost = run(() => new FileServer(serverOptions), {
    transport: tcp(),
    limits: { writeQueueBytesMax: WRITE_QUEUE_BYTES_MAX, ...limits },
    traceStart: { machine: "file-server", options: tracedOptions(serverOptions, FILE_SERVER_OPTIONS) },
    ...hostOptions("file-server", options),
  });
  const answers = new Set<Promise<void>>();
  host.subscribe((event) => {
    if (event.type !== "request") return;
    const answer = answerRequest(host, store, event, options.log).finally(() => answers.delete(answer));
    answers.add(answer);
  });
  try {
    const address = await host.listen(listen);
    return {
      address,
      subscribe: (listener) => host.subscribe(listener),
      async stop() {
        await host.stop();
        await Promise.all(answers);
      },
    };
  } catch (error) {
    await host.stop();
    throw error;
  }
}

/** Answers one request from a store. Never rejects: what goes wrong is told to the client, or closes its link. */
async function answerRequest(
  host: ServerHost,
  store: ServedStore,
  { exchange, request }: Extract<FileServerEvent, { type: "request" }>,
  log: LogSink | undefined,
): Promise<void> {
  const call = (command: FileServerCall) => host.call(command, { timeoutMs: Infinity });
  const reply = (one: FileServerReply) => call({ command: "reply", exchange, reply: one });
  let isFound = false;
  try {
    switch (request.type) {
      case "upload": {
        const { metadata } = await store.put(uploadOf(host, exchange), { name: request.name, renames: true });
        await reply({ type: "stored", hash: metadata.fileHash });
        return;
      }
      case "download": {
        const { lengthBytes, bytes } = await store.get(request.file);
        isFound = true;
        await reply({ type: "found", sizeBytes: lengthBytes });
        for await (const chunk of bytes) {
          for (const part of partsOf(chunk)) await call({ command: "write", exchange, bytes: part });
        }
        return;
      }
      case "list": {
        const files = Array.from(store.list(), ({ fileName, fileHash, totalSize }) => {
          return { name: fileName, hash: fileHash, sizeBytes: Number(totalSize) };
        });
        await reply({ type: "files", files });
        return;
      }
      case "delete": {
        const message = `file not found for hash ${toHex(request.hash)}`;
        await reply((await store.delete(request.hash)) ? { type: "deleted" } : { type: "failed", message });
        return;
      }
    }
  } catch (error) {
    // The exchange itself has ended: nobody waits for an answer.
    if (isWireError(error) && error.format === FORMAT) return;
    const isMissing = isWireError(error) && (error.code === "missing" || error.code === "expired");
    if (isMissing && request.type === "download" && !isFound) return void (await reply(MISSING).catch(ignore));
    log?.({ level: "warn", message: `a request to ${request.type} failed`, fields: { error: String(error) } });
    // Behind the size of a file nothing but its bytes can follow: a link that closes early says that they do not.
    if (isFound) await call({ command: "abort", exchange }).catch(ignore);
    else await reply(failureOf(error)).catch(ignore);
  }
}

const MISSING: FileServerReply = { type: "missing" };

/** The client may have gone meanwhile. */
function ignore(): void {}

/** What a client is told of an error of the store: its code, without paths of this machine. */
function failureOf(error: unknown): FileServerReply {
  return { type: "failed", message: isWireError(error) ? `the store failed: ${error.code}` : "the store failed" };
}

/** The bytes of an upload. @throws WireError if they do not all come */
async function* uploadOf(host: ServerHost, exchange: LinkId): AsyncGenerator<Uint8Array> {
  for (;;) {
    const part = await host.call({ command: "read", exchange }, { timeoutMs: Infinity });
    if (part === undefined) return;
    yield part;
  }
}

function* partsOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PART_BYTES) yield bytes.subarray(at, at + PART_BYTES);
}

/** Bounds of a call. */
export interface FileCallOptions {
  /** Ends the call, and the transfer of a file, with the error `cancelled`. */
  readonly signal?: AbortSignal;
  /** Ends the call with the error `timeout`. Default 10 s; of uploads and downloads what the options of the client say. */
  readonly timeoutMs?: number;
}

/** Bytes to upload whose size is known: a stream, in parts of any size. */
export interface UploadStream {
  readonly sizeBytes: number;
  readonly bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** A file that is being downloaded. */
export interface Download {
  readonly sizeBytes: number;
  /**
   * The bytes in parts, once; they are received as they are taken. @throws WireError `closed` if the server ends early,
   * `crc` behind the last part if a file asked for by hash has another, `timeout`
   */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Gives the download up: needed where `bytes` are not taken. */
  cancel(): void;
}

/** A running client of one server. Each call takes a connection of its own and rejects with a WireError. */
export interface RunningFileClient {
  /** All files. */
  list(options?: FileCallOptions): Promise<readonly ListedFile[]>;
  /**
   * Stores a file under a name; bytes that the server knows get this name. @returns its SHA-256, which was compared
   * @throws WireError `status` with what the server says; `argument` for a stream of another size
   */
  upload(name: string, source: Uint8Array | UploadStream, options?: FileCallOptions): Promise<Uint8Array>;
  /** Finds a file by its hash or name. @throws WireError `missing`, also for an expired file */
  download(file: ServedFileId, options?: FileCallOptions): Promise<Download>;
  /** Deletes a file. @throws WireError `status` if there is none */
  delete(hash: Uint8Array, options?: FileCallOptions): Promise<void>;
  /** Ends all transfers. */
  stop(): Promise<void>;
}

/** Makes a client on TCP. @throws WireError `argument` for an invalid option */
export function createFileClient(options: FileClientOptions & FileHostOptions): RunningFileClient {
  const { limits, ...clientOptions } = withoutHostOptions(options);
  const host: ClientHost = run(() => new FileClient(clientOptions), {
    transport: tcp(),
    limits: { writeQueueBytesMax: WRITE_QUEUE_BYTES_MAX, ...limits },
    traceStart: { machine: "file-client", options: tracedOptions(clientOptions, FILE_CLIENT_OPTIONS) },
    ...hostOptions("file-client", options),
  });
  const nextTransfer = countUp();
  return {
    list: async (bounds) => (await host.call({ command: "list" }, bounds)) as readonly ListedFile[],
    upload: (name, source, bounds) => upload(host, nextTransfer(), name, source, bounds),
    download: (file, bounds) => download(host, nextTransfer(), file, bounds),
    delete: async (hash, bounds) => void (await host.call({ command: "delete", hash }, bounds)),
    stop: () => host.stop(),
  };
}

type ClientHost = Host<FileClientCall, FileClientValue, never>;

async function upload(
  host: ClientHost,
  transfer: number,
  name: string,
  source: Uint8Array | UploadStream,
  bounds: FileCallOptions = {},
): Promise<Uint8Array> {
  const { sizeBytes, bytes } = isBytes(source) ? { sizeBytes: source.length, bytes: [source] } : checkedStream(source);
  const stored = host.call({ command: "upload", transfer, name, sizeBytes }, { timeoutMs: Infinity, ...bounds });
  const parts = new UploadSource(bytes);
  // Its failure ends the wait for a source, and is seen at the end.
  stored.catch(() => parts.giveUp());
  const refuse = (actual: string): WireError => argumentError(FORMAT, "source", `${sizeBytes} bytes`, actual);
  try {
    let sentBytes = 0;
    for (let given = await parts.next(); given !== undefined; given = await parts.next()) {
      if (!isBytes(given)) throw argumentError(FORMAT, "source", "parts of bytes", typeof given);
      sentBytes += given.length;
      if (sentBytes > sizeBytes) throw refuse("more");
      for (const part of partsOf(given)) {
        // A copy: the part belongs to the machine, and the source may use its buffer again.
        const isTaken = await host
          .call({ command: "write", transfer, bytes: part.slice() }, { timeoutMs: Infinity })
          .then(
            () => true,
            () => false,
          );
        // The upload is over: its outcome says why.
        if (!isTaken) return hashOf(await stored);
      }
    }
    if (!parts.isGivenUp && sentBytes < sizeBytes) throw refuse(String(sentBytes));
  } catch (error) {
    await host.call({ command: "abandon", transfer }).catch(() => {});
    throw error;
  } finally {
    parts.close();
  }
  return hashOf(await stored);
}

/** The parts of an upload. A source may wait for ever: whoever waits for it can be told that nothing is wanted. */
class UploadSource {
  readonly #parts: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  #wake: (part: undefined) => void = () => {};
  #isEnded = false;
  isGivenUp = false;

  constructor(bytes: UploadStream["bytes"]) {
    this.#parts = Symbol.asyncIterator in bytes ? bytes[Symbol.asyncIterator]() : bytes[Symbol.iterator]();
  }

  /** The next part; undefined behind the last, and once it is given up. */
  next(): Promise<Uint8Array | undefined> {
    if (this.isGivenUp) return Promise.resolve(undefined);
    // A race with one promise that lives as long as the upload would keep all its parts.
    return new Promise((resolve, reject) => {
      this.#wake = resolve;
      this.#take().then(resolve, reject);
    });
  }

  async #take(): Promise<Uint8Array | undefined> {
    const { done, value } = await this.#parts.next();
    if (done !== true) return value;
    this.#isEnded = true;
    return undefined;
  }

  /** No part is wanted any more. */
  giveUp(): void {
    this.isGivenUp = true;
    this.#wake(undefined);
  }

  /** Lets a source that has not ended free what it holds; one that waits does so when it goes on. */
  close(): void {
    if (this.#isEnded) return;
    try {
      Promise.resolve(this.#parts.return?.()).catch(ignore);
    } catch {
      // The upload has its outcome already.
    }
  }
}

/** @throws WireError `argument`; callers without types may give anything */
function checkedStream(source: UploadStream): UploadStream {
  const { bytes }: Partial<Record<keyof UploadStream, unknown>> = source ?? {};
  const isIterable =
    typeof bytes === "object" && bytes !== null && (Symbol.asyncIterator in bytes || Symbol.iterator in bytes);
  if (!isIterable) throw argumentError(FORMAT, "source", "bytes, or their size and parts");
  return source;
}

function hashOf(value: FileClientValue): Uint8Array {
  return (value as { readonly hash: Uint8Array }).hash;
}

async function download(
  host: ClientHost,
  transfer: number,
  file: ServedFileId,
  bounds: FileCallOptions = {},
): Promise<Download> {
  const { signal } = bounds;
  const found = await host.call({ command: "download", transfer, file }, { timeoutMs: Infinity, ...bounds });
  const cancel = (): void => void host.call({ command: "abandon", transfer }).catch(() => {});
  const bytes = async function* (): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const part = await host.call({ command: "read", transfer }, { timeoutMs: Infinity, ...(signal && { signal }) });
        if (part === undefined) return;
        yield part as Uint8Array;
      }
    } finally {
      cancel();
    }
  };
  return { sizeBytes: (found as { readonly sizeBytes: number }).sizeBytes, bytes: bytes(), cancel };
}
