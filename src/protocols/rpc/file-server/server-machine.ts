/** The file server as a machine: it speaks the protocol, and asks whoever keeps the files. */
import { isBytes } from "../../../bytes/index.js";
import {
  encodeFileFailure,
  encodeFileFound,
  encodeFileList,
  encodeFileStored,
  FileStatus,
} from "../../../codec/gen/rpc/index.js";
import { isWireError } from "../../../errors.js";
import { DEFAULT_LIMITS } from "../../../limits.js";
import {
  DeadlineHeap,
  type CallId,
  type Effect,
  type Event,
  type LinkId,
  type Machine,
  type Millis,
} from "../../../machine/index.js";
import { bodyCalls, Inflow, Outflow } from "./bodies.js";
import { requireNumbers } from "./client-options.js";
import { formatListing, type ListedFile } from "./listing.js";
import { mismatch, RequestReader, type ServedRequest } from "./request-reader.js";
import { issueOf } from "./rules.js";

/** Options of a server. */
export interface FileServerOptions {
  /** Time from the opening of a link to the end of its request, but for the bytes of an upload; default 10,000. */
  readonly requestTimeoutMs?: Millis;
  /** Time in which a client neither sends nor takes bytes of a file; default 30,000. */
  readonly idleTimeoutMs?: Millis;
  /** Bytes of one file; a longer one is refused by its announcement. Default: what the store takes. */
  readonly fileBytesMax?: number;
}

/** The answer to a request. */
export type FileServerReply =
  | { readonly type: "stored"; readonly hash: Uint8Array }
  /** `write` gives the bytes. */
  | { readonly type: "found"; readonly sizeBytes: number }
  /** There is no such file to download. */
  | { readonly type: "missing" }
  | { readonly type: "files"; readonly files: readonly ListedFile[] }
  | { readonly type: "deleted" }
  | { readonly type: "failed"; readonly message: string };

/** A call of whoever answers requests. `exchange` is that of the request. */
export type FileServerCall =
  /** Settles with the next part of an upload, with undefined behind the last, or with what went wrong. */
  | { readonly command: "read"; readonly exchange: LinkId }
  | { readonly command: "reply"; readonly exchange: LinkId; readonly reply: FileServerReply }
  /** Sends a part of a download, which then belongs to the machine. Settles when there is room for the next one. */
  | { readonly command: "write"; readonly exchange: LinkId; readonly bytes: Uint8Array }
  /** Closes the link before all is sent: the protocol has no other sign of a file that cannot be read. */
  | { readonly command: "abort"; readonly exchange: LinkId };

/** An event of a server. */
export type FileServerEvent =
  /** Has to be answered by a `reply`. */
  | { readonly type: "request"; readonly exchange: LinkId; readonly peer: string; readonly request: ServedRequest }
  /** A request that was answered without asking anybody. */
  | { readonly type: "refused"; readonly peer: string; readonly message: string };

/** The value of a settled call. */
export type FileServerValue = Uint8Array | undefined;

type Out = Effect<FileServerValue, FileServerEvent>[];

/** The one request of a link. */
interface Exchange {
  readonly link: LinkId;
  readonly peer: string;
  readonly reader: RequestReader;
  /** The request was handed out. */
  isAsked: boolean;
  /** All of the reply was given to the link, which is shut once it is sent. */
  isAnswered: boolean;
  isCongested: boolean;
  sizeBytes: bigint;
  inflow: Inflow<FileServerValue, FileServerEvent> | undefined;
  outflow: Outflow<FileServerValue, FileServerEvent> | undefined;
}

/** A server of files. Each link has one request; it is shut behind the reply. */
export class FileServer implements Machine<FileServerCall, FileServerValue, FileServerEvent> {
  readonly halfOpen = true;
  readonly #rules: Required<FileServerOptions>;
  readonly #exchanges = new Map<LinkId, Exchange>();
  readonly #reads = bodyCalls<FileServerValue, FileServerEvent>();
  readonly #writes = bodyCalls<FileServerValue, FileServerEvent>();
  /** When the client must have done the next thing. */
  readonly #deadlines = new DeadlineHeap<LinkId>();
  /** The effects and the time of the current step. */
  #out: Out = [];
  #nowMs: Millis = 0;

  /** @throws WireError `argument` for an invalid option */
  constructor(options: FileServerOptions = {}) {
    this.#rules = {
      requestTimeoutMs: DEFAULT_LIMITS.frameTimeoutMs,
      idleTimeoutMs: DEFAULT_LIMITS.idleTimeoutMs,
      fileBytesMax: Infinity,
      ...options,
    };
    requireNumbers({ ...this.#rules });
  }

  step(event: Event<FileServerCall>, nowMs: Millis, out: Out): void {
    this.#out = out;
    this.#nowMs = nowMs;
    switch (event.type) {
      case "opened":
        return this.#opened(event.link, event.peer);
      case "bytes":
        return this.#bytes(event.link, event.bytes);
      case "ended":
        return this.#ended(event.link);
      case "congested":
        return this.#congested(event.link);
      case "drained":
        return this.#drained(event.link);
      case "closed":
        return this.#forget(event.link);
      case "call":
        return this.#call(event.id, event.request, event.deadlineMs);
      case "cancel":
        this.#reads.cancel(event.id, nowMs, out);
        this.#writes.cancel(event.id, nowMs, out);
        return;
      case "wake":
        return this.#wake();
      case "stop":
        // What was asked is answered; nobody else begins.
        for (const [link, { isAsked }] of this.#exchanges) if (!isAsked) this.#shut(link);
        return;
      default:
        return;
    }
  }

  nextWakeMs(): Millis {
    return Math.min(this.#reads.nextMs, this.#writes.nextMs, this.#deadlines.nextMs);
  }

  // Requests

  #opened(link: LinkId, peer: string): void {
    this.#exchanges.set(link, {
      link,
      peer,
      reader: new RequestReader(),
      isAsked: false,
      isAnswered: false,
      isCongested: false,
      sizeBytes: 0n,
      inflow: undefined,
      outflow: undefined,
    });
    this.#await(link, this.#rules.requestTimeoutMs);
  }

  #bytes(link: LinkId, bytes: Uint8Array): void {
    const exchange = this.#exchanges.get(link);
    if (exchange === undefined || exchange.isAnswered) return;
    const { reader } = exchange;
    const body = reader.read(bytes);
    const { head } = reader;
    if (head === undefined) return;
    if (head.type === "upload") return this.#upload(exchange, head, body);
    // A frame that is cut off is not answered, so its last byte counts.
    if (!reader.isComplete || exchange.isAsked) return;
    if (head.type === "invalid") return this.#refuse(exchange, head.message);
    if (head.type === "missing") return this.#send(exchange, { type: "missing" });
    this.#ask(exchange, head);
  }

  #upload(exchange: Exchange, head: Extract<ServedRequest, { type: "upload" }>, bytes: Uint8Array): void {
    const { link, reader } = exchange;
    if (!exchange.isAsked) {
      const { sizeBytes } = head;
      if (sizeBytes > this.#rules.fileBytesMax) {
        return this.#refuse(exchange, `file too large: ${sizeBytes} bytes, at most ${this.#rules.fileBytesMax}`);
      }
      exchange.sizeBytes = sizeBytes;
      exchange.inflow = new Inflow(link, Number(sizeBytes), this.#reads);
      this.#ask(exchange, head);
    }
    const inflow = exchange.inflow!;
    inflow.receive(bytes, this.#nowMs, this.#out);
    if (inflow.missingBytes === 0 && reader.isComplete) {
      this.#deadlines.delete(link);
      inflow.end(this.#nowMs, this.#out);
    } else if (inflow.isPaused) this.#deadlines.delete(link);
    else this.#await(link, this.#rules.idleTimeoutMs);
  }

  #ask(exchange: Exchange, request: ServedRequest): void {
    const { link, peer } = exchange;
    exchange.isAsked = true;
    this.#deadlines.delete(link);
    this.#out.push({ type: "emit", event: { type: "request", exchange: link, peer, request } });
  }

  #refuse(exchange: Exchange, message: string): void {
    this.#out.push({ type: "emit", event: { type: "refused", peer: exchange.peer, message } });
    this.#send(exchange, { type: "failed", message });
  }

  /** The client sends no more: what it has sent is answered, unless its frame is cut off. */
  #ended(link: LinkId): void {
    const exchange = this.#exchanges.get(link);
    if (exchange === undefined || exchange.isAnswered) return;
    const { reader, inflow, sizeBytes } = exchange;
    if (!reader.isComplete) return this.#shut(link);
    if (inflow === undefined || inflow.missingBytes === 0) return;
    this.#refuse(exchange, mismatch(inflow.receivedBytes, sizeBytes));
  }

  // Calls

  #call(id: CallId, call: FileServerCall, deadlineMs: Millis): void {
    const out = this.#out;
    const exchange = this.#exchanges.get(call?.exchange);
    if (exchange === undefined || exchange.isAnswered) {
      return void out.push({ type: "settle", id, error: issueOf("closed", { actual: "the exchange is over" }) });
    }
    const { link, inflow, outflow } = exchange;
    const refuse = (path: string, expected: string): void => {
      out.push({ type: "settle", id, error: issueOf("argument", { path, expected }) });
    };
    switch (call.command) {
      case "read": {
        if (inflow === undefined) return refuse("command", "no read, since this is no upload");
        const wasPaused = inflow.isPaused;
        inflow.read(id, deadlineMs, this.#nowMs, out);
        if (wasPaused && !inflow.isPaused) this.#await(link, this.#rules.idleTimeoutMs);
        return;
      }
      case "reply":
        if (!exchange.isAsked || outflow !== undefined) return refuse("command", "one reply to a request");
        return this.#reply(id, exchange, call.reply);
      case "write": {
        if (outflow === undefined) return refuse("command", "a write behind the reply found");
        if (!isBytes(call.bytes)) return refuse("bytes", "bytes");
        if (!outflow.write(id, call.bytes, deadlineMs, this.#nowMs, out)) return;
        if (outflow.missingBytes === 0) this.#answered(exchange);
        else if (outflow.isCongested) this.#await(link, this.#rules.idleTimeoutMs);
        return;
      }
      case "abort":
        this.#shut(link);
        return void out.push({ type: "settle", id, value: undefined });
      default:
        return refuse("command", "read, reply, write or abort");
    }
  }

  #reply(id: CallId, exchange: Exchange, reply: FileServerReply): void {
    try {
      this.#send(exchange, reply);
      this.#out.push({ type: "settle", id, value: undefined });
    } catch (error) {
      if (!isWireError(error)) throw error;
      this.#out.push({ type: "settle", id, error: error.toJSON() });
      this.#shut(exchange.link);
    }
  }

  /** Sends a reply, and closes behind it unless the bytes of a file follow. @throws WireError for an invalid one */
  #send(exchange: Exchange, reply: FileServerReply): void {
    const { link } = exchange;
    const bytes = replyBytes(reply);
    exchange.isAsked = true;
    this.#out.push({ type: "write", link, bytes });
    if (reply.type !== "found" || reply.sizeBytes === 0) return this.#answered(exchange);
    exchange.outflow = new Outflow(link, reply.sizeBytes, this.#writes);
  }

  /** Shuts a link behind its reply: in the next step, when it is known whether the reply waits in the queue. */
  #answered(exchange: Exchange): void {
    exchange.isAnswered = true;
    exchange.inflow?.fail(issueOf("closed"), this.#nowMs, this.#out);
    this.#await(exchange.link, exchange.isCongested ? this.#rules.idleTimeoutMs : 0);
  }

  // Links

  #congested(link: LinkId): void {
    const exchange = this.#exchanges.get(link);
    if (exchange === undefined) return;
    exchange.isCongested = true;
    exchange.outflow?.congested();
    this.#await(link, this.#rules.idleTimeoutMs);
  }

  #drained(link: LinkId): void {
    const exchange = this.#exchanges.get(link);
    if (exchange === undefined) return;
    exchange.isCongested = false;
    if (exchange.isAnswered) return this.#shut(link);
    // Whoever reads the file may take as long as it likes for the next part.
    this.#deadlines.delete(link);
    exchange.outflow?.drained(this.#nowMs, this.#out);
  }

  #wake(): void {
    const [nowMs, out] = [this.#nowMs, this.#out];
    this.#reads.wake(nowMs, out);
    this.#writes.wake(nowMs, out);
    for (let link = this.#deadlines.popDue(nowMs); link !== undefined; link = this.#deadlines.popDue(nowMs)) {
      this.#shut(link);
    }
  }

  /** Gives the client so long for what it has to do next. */
  #await(link: LinkId, timeoutMs: Millis): void {
    if (this.#exchanges.has(link)) this.#deadlines.set(link, this.#nowMs + timeoutMs);
  }

  #shut(link: LinkId): void {
    this.#forget(link);
    this.#out.push({ type: "shut", link });
  }

  /** Frees what an exchange holds, and ends the calls that wait for it. */
  #forget(link: LinkId): void {
    const exchange = this.#exchanges.get(link);
    if (exchange === undefined) return;
    this.#exchanges.delete(link);
    this.#deadlines.delete(link);
    exchange.inflow?.fail(issueOf("closed"), this.#nowMs, this.#out);
    exchange.outflow?.fail(issueOf("closed"), this.#nowMs, this.#out);
  }
}

function replyBytes(reply: FileServerReply): Uint8Array {
  switch (reply.type) {
    case "stored":
      return encodeFileStored({ hash: reply.hash });
    case "found":
      return encodeFileFound({ sizeBytes: reply.sizeBytes });
    case "missing":
      return Uint8Array.of(FileStatus.missing);
    case "files":
      return encodeFileList({ json: formatListing(reply.files) });
    case "deleted":
      return Uint8Array.of(FileStatus.done);
    case "failed":
      return encodeFileFailure({ message: reply.message });
  }
}
