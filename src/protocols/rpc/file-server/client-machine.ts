/** The client of a file server as a machine. */
import { equalBytes, isBytes } from "../../../bytes/index.js";
import { FrameReader, type Peek } from "../../../codec/index.js";
import {
  encodeFileRequest,
  FileLookup,
  FileStatus,
  peekFileFailureLength,
  peekFileFoundLength,
  peekFileListLength,
  peekFileStoredLength,
  tryDecodeFileFailure,
  tryDecodeFileFound,
  tryDecodeFileList,
  tryDecodeFileStored,
  type FileRequest,
} from "../../../codec/gen/rpc/index.js";
import type { Result, WireIssue } from "../../../errors.js";
import { sha256Stream } from "../../../kernel/index.js";
import {
  Calls,
  countDown,
  DeadlineHeap,
  type CallId,
  type Effect,
  type Event,
  type LinkId,
  type Machine,
  type Millis,
} from "../../../machine/index.js";
import { bodyCalls, Inflow, Outflow } from "./bodies.js";
import { fileClientRules, type FileClientOptions, type FileClientRules } from "./client-options.js";
import { tryParseListing, type ListedFile } from "./listing.js";
import { FORMAT, HASH_BYTES, issueOf, type ServedFileId } from "./rules.js";

/** A request of a client, each on a link of its own. A `transfer` is a number that the caller chooses for a body. */
export type FileRequestCall =
  /** Settles with the files. */
  | { readonly command: "list" }
  /** Settles when the file is deleted. */
  | { readonly command: "delete"; readonly hash: Uint8Array }
  /** Settles with the hash, once the parts that `write` gives are stored. */
  | { readonly command: "upload"; readonly transfer: number; readonly name: string; readonly sizeBytes: number }
  /** Settles with the size when the file is found; `read` then gives its bytes. */
  | { readonly command: "download"; readonly transfer: number; readonly file: ServedFileId };

/** A call of a client. */
export type FileClientCall =
  | FileRequestCall
  /** Sends a part of an upload, which then belongs to the machine. Settles when there is room for the next one. */
  | { readonly command: "write"; readonly transfer: number; readonly bytes: Uint8Array }
  /** Settles with the next part of a download, or with undefined behind the last. */
  | { readonly command: "read"; readonly transfer: number }
  /** Gives up a transfer. */
  | { readonly command: "abandon"; readonly transfer: number };

/** The value of a settled call. */
export type FileClientValue =
  readonly ListedFile[] | { readonly hash: Uint8Array } | { readonly sizeBytes: number } | Uint8Array | undefined;

type Out = Effect<FileClientValue, never>[];

/** A request under way, or a download whose bytes come. */
interface Exchange {
  readonly link: LinkId;
  readonly request: FileRequestCall;
  readonly reader: FrameReader;
  /** Of an upload; of a download by hash once it is found. */
  readonly hash: ReturnType<typeof sha256Stream> | undefined;
  readonly outflow: Outflow<FileClientValue, never> | undefined;
  inflow: Inflow<FileClientValue, never> | undefined;
}

/** Bytes of the text with which a server says why it failed. */
const MESSAGE_BYTES_MAX = 64 * 1024;
/** Characters of it in an error. */
const MESSAGE_CHARACTERS_MAX = 500;

/** A client of one file server: four requests, with bodies of any size. */
export class FileClient implements Machine<FileClientCall, FileClientValue, never> {
  readonly #rules: FileClientRules;
  readonly #nextLink = countDown();
  readonly #exchanges = new Map<LinkId, Exchange>();
  readonly #transfers = new Map<number, Exchange>();
  readonly #requests: Calls<FileRequestCall, FileClientValue>;
  readonly #reads = bodyCalls<FileClientValue, never>();
  readonly #writes = bodyCalls<FileClientValue, never>();
  /** When the server must have done the next thing. */
  readonly #deadlines = new DeadlineHeap<LinkId>();
  /** The effects and the time of the current step. */
  #out: Out = [];
  #nowMs: Millis = 0;

  /** @throws WireError `argument` for an invalid option */
  constructor(options: FileClientOptions) {
    this.#rules = fileClientRules(options);
    this.#requests = new Calls({
      format: FORMAT,
      waitingMax: 0,
      send: ({ request }) => ({ key: this.#open(request) }),
      // The bytes of a file that was found come on the link of its request.
      release: ({ key }) => {
        if (this.#exchanges.get(key)?.inflow === undefined) this.#drop(key);
      },
    });
  }

  step(event: Event<FileClientCall>, nowMs: Millis, out: Out): void {
    this.#out = out;
    this.#nowMs = nowMs;
    switch (event.type) {
      case "call":
        return this.#call(event.id, event.request, event.deadlineMs);
      case "bytes":
        return this.#bytes(event.link, event.bytes);
      case "congested": {
        this.#exchanges.get(event.link)?.outflow?.congested();
        return this.#await(event.link, this.#rules.idleTimeoutMs);
      }
      case "drained":
        return this.#drained(event.link);
      case "closed":
        return this.#closed(event.link, event.error);
      case "cancel":
      case "wake":
        for (const calls of [this.#requests, this.#reads, this.#writes]) calls.step(event as Event<never>, nowMs, out);
        if (event.type === "wake") this.#wake();
        return;
      case "stop":
        this.#requests.giveUpAll(issueOf("cancelled"), nowMs, out);
        for (const link of this.#exchanges.keys()) this.#fail(link, issueOf("cancelled"));
        return;
      default:
        return;
    }
  }

  nextWakeMs(): Millis {
    return Math.min(this.#requests.nextMs, this.#reads.nextMs, this.#writes.nextMs, this.#deadlines.nextMs);
  }

  // Calls

  #call(id: CallId, request: FileClientCall, deadlineMs: Millis): void {
    const [nowMs, out] = [this.#nowMs, this.#out];
    const invalid = this.#flawOf(request);
    if (invalid !== undefined) return void out.push({ type: "settle", id, error: invalid });
    switch (request.command) {
      case "write":
        return this.#write(id, request.transfer, request.bytes, deadlineMs);
      case "read":
        return this.#read(id, request.transfer, deadlineMs);
      case "abandon": {
        const exchange = this.#transfers.get(request.transfer);
        if (exchange !== undefined) this.#abandon(exchange);
        return void out.push({ type: "settle", id, value: undefined });
      }
      default:
        return this.#requests.start(id, request, deadlineMs, nowMs, out);
    }
  }

  /** What is wrong with a call. Callers without types may pass anything. */
  #flawOf(call: FileClientCall): WireIssue | undefined {
    const flaw = (path: string, expected: string): WireIssue => issueOf("argument", { path, expected });
    const { command, transfer, name, sizeBytes, hash, file, bytes }: Partial<Record<string, unknown>> = call ?? {};
    if (command === "list") return undefined;
    if (command === "delete") return isHash(hash) ? undefined : flaw("hash", `${HASH_BYTES} bytes`);
    if (!["upload", "download", "write", "read", "abandon"].includes(command as string)) {
      return flaw("command", "list, delete, upload, download, write, read or abandon");
    }
    if (!Number.isSafeInteger(transfer)) return flaw("transfer", "a number");
    if (command === "write") return isBytes(bytes) ? undefined : flaw("bytes", "bytes");
    if (command === "read" || command === "abandon") return undefined;
    if (this.#transfers.has(transfer as number)) return flaw("transfer", "a number that is not in use");
    if (command === "download") return isHash(file) || isName(file) ? undefined : flaw("file", "a hash or a name");
    if (typeof name !== "string") return flaw("name", "a text");
    return Number.isSafeInteger(sizeBytes) && (sizeBytes as number) >= 0 ? undefined : flaw("sizeBytes", "0 to 2^53-1");
  }

  /** Opens a link and sends the head of a request. */
  #open(request: FileRequestCall): LinkId {
    // Encoded first: a name that is too long opens no link.
    const bytes = encodeFileRequest(wireRequest(request));
    const link = this.#nextLink();
    const isUpload = request.command === "upload";
    const isByHash = request.command === "download" && typeof request.file !== "string";
    const exchange: Exchange = {
      link,
      request,
      reader: new FrameReader(replyPeek(request), this.#replyBytesMax(request), FORMAT),
      hash: isUpload || isByHash ? sha256Stream() : undefined,
      outflow: isUpload ? new Outflow(link, request.sizeBytes, this.#writes) : undefined,
      inflow: undefined,
    };
    this.#exchanges.set(link, exchange);
    if ("transfer" in request) this.#transfers.set(request.transfer, exchange);
    this.#out.push({ type: "connect", link, peer: this.#rules.server }, { type: "write", link, bytes });
    if (!isUpload || request.sizeBytes === 0) this.#await(link, this.#rules.replyTimeoutMs);
    return link;
  }

  #replyBytesMax({ command }: FileRequestCall): number {
    return command === "list" ? this.#rules.listBytesMax + LENGTH_BYTES : MESSAGE_BYTES_MAX + LENGTH_BYTES;
  }

  #write(id: CallId, transfer: number, bytes: Uint8Array, deadlineMs: Millis): void {
    const { link, outflow, hash } = this.#transfers.get(transfer) ?? {};
    if (link === undefined || outflow === undefined) {
      return void this.#out.push({ type: "settle", id, error: issueOf("closed", { actual: "the upload is over" }) });
    }
    // Before the bytes are given away.
    if (bytes.length <= outflow.missingBytes) hash?.update(bytes);
    if (!outflow.write(id, bytes, deadlineMs, this.#nowMs, this.#out)) return;
    if (outflow.missingBytes === 0) this.#await(link, this.#rules.replyTimeoutMs);
    else if (outflow.isCongested) this.#await(link, this.#rules.idleTimeoutMs);
  }

  #read(id: CallId, transfer: number, deadlineMs: Millis): void {
    const exchange = this.#transfers.get(transfer);
    const { inflow } = exchange ?? {};
    if (exchange === undefined || inflow === undefined) {
      return void this.#out.push({ type: "settle", id, error: issueOf("closed", { actual: "no download" }) });
    }
    const wasPaused = inflow.isPaused;
    const isOver = inflow.read(id, deadlineMs, this.#nowMs, this.#out);
    if (isOver) this.#transfers.delete(transfer);
    else if (wasPaused && !inflow.isPaused) this.#await(exchange.link, this.#rules.idleTimeoutMs);
  }

  #abandon(exchange: Exchange): void {
    const { link, request } = exchange;
    const error = issueOf("cancelled");
    if (!this.#requests.settle(link, { ok: false, error }, this.#nowMs, this.#out)) this.#fail(link, error);
    if ("transfer" in request) this.#transfers.delete(request.transfer);
  }

  // Links

  #bytes(link: LinkId, bytes: Uint8Array): void {
    const exchange = this.#exchanges.get(link);
    if (exchange === undefined) return;
    if (exchange.inflow !== undefined) return this.#body(exchange, exchange.inflow, bytes);
    const refusal = exchange.reader.read(bytes, (frame, at, end) => {
      this.#reply(exchange, frame, at, end);
      return false;
    });
    if (refusal !== undefined) this.#settle(link, { ok: false, error: refusal });
    else if (exchange.inflow !== undefined) this.#body(exchange, exchange.inflow, exchange.reader.held);
  }

  /** Settles a request with its reply, which has the length that its peek says. */
  #reply(exchange: Exchange, bytes: Uint8Array, at: number, end: number): void {
    const { link, request } = exchange;
    const status = bytes[at];
    if (status === FileStatus.failed) {
      const failure = tryDecodeFileFailure(bytes, at, end);
      const actual = failure.ok ? failure.value.message.slice(0, MESSAGE_CHARACTERS_MAX) : "no text";
      return this.#settle(link, { ok: false, error: issueOf("status", { actual }) });
    }
    if (status === FileStatus.missing) return this.#settle(link, { ok: false, error: issueOf("missing") });
    switch (request.command) {
      case "delete":
        return this.#settle(link, { ok: true, value: undefined });
      case "list": {
        const list = tryDecodeFileList(bytes, at, end);
        return this.#settle(link, list.ok ? tryParseListing(list.value.json) : list);
      }
      case "upload": {
        const stored = tryDecodeFileStored(bytes, at, end);
        return this.#settle(link, stored.ok ? storedAs(exchange, stored.value.hash.slice()) : stored);
      }
      case "download": {
        const found = tryDecodeFileFound(bytes, at, end);
        if (found.ok) exchange.inflow = new Inflow(link, found.value.sizeBytes, this.#reads);
        return this.#settle(link, found);
      }
    }
  }

  #body({ link, hash, request }: Exchange, inflow: Inflow<FileClientValue, never>, bytes: Uint8Array): void {
    hash?.update(bytes.subarray(0, inflow.missingBytes));
    inflow.receive(bytes, this.#nowMs, this.#out);
    if (inflow.missingBytes > 0) {
      if (inflow.isPaused) return void this.#deadlines.delete(link);
      return this.#await(link, this.#rules.idleTimeoutMs);
    }
    const isOther = hash !== undefined && request.command === "download" && !equalBytes(hash.digest(), asHash(request));
    if (isOther) return this.#fail(link, otherHash());
    inflow.end(this.#nowMs, this.#out);
    this.#drop(link);
  }

  #drained(link: LinkId): void {
    const outflow = this.#exchanges.get(link)?.outflow;
    if (outflow === undefined) return;
    // The caller may take as long as it likes for the next part.
    if (outflow.missingBytes > 0) this.#deadlines.delete(link);
    else this.#await(link, this.#rules.replyTimeoutMs);
    outflow.drained(this.#nowMs, this.#out);
  }

  #closed(link: LinkId, error: WireIssue | undefined): void {
    const { inflow } = this.#exchanges.get(link) ?? {};
    const actual = inflow && `${inflow.missingBytes} bytes of the file are missing`;
    this.#fail(link, error ?? issueOf("closed", actual === undefined ? {} : { actual }));
  }

  #wake(): void {
    const nowMs = this.#nowMs;
    for (let link = this.#deadlines.popDue(nowMs); link !== undefined; link = this.#deadlines.popDue(nowMs)) {
      this.#fail(link, issueOf("timeout", { actual: "the server has stopped" }));
    }
  }

  /** Gives the server so long for what it has to do next. */
  #await(link: LinkId, timeoutMs: Millis): void {
    if (this.#exchanges.has(link)) this.#deadlines.set(link, this.#nowMs + timeoutMs);
  }

  #settle(link: LinkId, outcome: Result<FileClientValue>): void {
    this.#requests.settle(link, outcome, this.#nowMs, this.#out);
  }

  /** Ends an exchange: its request, or the download that goes on behind it. */
  #fail(link: LinkId, issue: WireIssue): void {
    if (this.#requests.fail(link, issue, this.#nowMs, this.#out)) return;
    this.#exchanges.get(link)?.inflow?.fail(issue, this.#nowMs, this.#out);
    this.#drop(link);
  }

  /** Frees what an exchange holds. What was received of a download stays until it is read. */
  #drop(link: LinkId): void {
    const exchange = this.#exchanges.get(link);
    if (exchange === undefined) return;
    const { request, inflow, outflow } = exchange;
    outflow?.fail(issueOf("closed", { actual: "the upload is over" }), this.#nowMs, this.#out);
    if ("transfer" in request && inflow === undefined) this.#transfers.delete(request.transfer);
    this.#exchanges.delete(link);
    this.#deadlines.delete(link);
    this.#out.push({ type: "shut", link });
  }
}

/** Bytes before the text of a reply. */
const LENGTH_BYTES = 5;

function wireRequest(request: FileRequestCall): FileRequest {
  const none = new Uint8Array(0);
  switch (request.command) {
    case "list":
      return { command: 3, request: { kind: "list", rest: none } };
    case "delete":
      return { command: 4, request: { kind: "delete", hash: request.hash } };
    case "upload": {
      const { name, sizeBytes } = request;
      return { command: 1, request: { kind: "upload", name, sizeBytes: BigInt(sizeBytes), body: none } };
    }
    case "download": {
      const { file } = request;
      const isName = typeof file === "string";
      return {
        command: 2,
        request: {
          kind: "download",
          lookup: isName ? FileLookup.byName : FileLookup.byHash,
          file: isName ? new TextEncoder().encode(file) : file,
        },
      };
    }
  }
}

/** How long a reply is: that of a failure, or that of what was asked for. */
function replyPeek({ command }: FileRequestCall): Peek {
  const done: Peek = {
    list: peekFileListLength,
    delete: (bytes: Uint8Array, at: number) => (bytes[at] === FileStatus.done ? 1 : -1),
    upload: peekFileStoredLength,
    download: peekFileFoundLength,
  }[command];
  return (bytes, at, end) => {
    if (at === end) return 0;
    if (bytes[at] === FileStatus.failed) return peekFileFailureLength(bytes, at, end);
    return command === "download" && bytes[at] === FileStatus.missing ? 1 : done(bytes, at, end);
  };
}

/** The outcome of an upload: the server must have stored what was sent, and all of it. */
function storedAs({ outflow, hash }: Exchange, stored: Uint8Array): Result<FileClientValue> {
  const isSame = outflow?.missingBytes === 0 && hash !== undefined && equalBytes(hash.digest(), stored);
  return isSame ? { ok: true, value: { hash: stored } } : { ok: false, error: otherHash() };
}

function otherHash(): WireIssue {
  return issueOf("crc", { path: "hash", expected: "the SHA-256 of the bytes", actual: "another one" });
}

function asHash({ file }: Extract<FileRequestCall, { command: "download" }>): Uint8Array {
  return file as Uint8Array;
}

/** Whether a name can be asked for: the empty one cannot, nor half of a surrogate pair, which has no UTF-8. */
function isName(value: unknown): boolean {
  return typeof value === "string" && value !== "" && !/\p{Surrogate}/u.test(value);
}

function isHash(value: unknown): value is Uint8Array {
  return isBytes(value) && value.length === HASH_BYTES;
}
