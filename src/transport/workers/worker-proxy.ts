/** A worker process as the endpoint of its owner sees it. */
import { connect, type Socket } from "node:net";
import { WireError, type WireIssue } from "../../errors.js";
import type { Receiver } from "../types.js";
import { RecordKind, RecordReader, RecordWriter } from "./records.js";
import { WorkerLink } from "./worker-link.js";

/** Bytes of one read: about the capacity of a pipe. */
const READ_BYTES = 262_144;

/** A `listen` that waits for its answer. */
interface Request {
  readonly resolve: (address: string) => void;
  readonly reject: (error: WireError) => void;
}

/** Events of a worker beside those of the receiver. */
export interface WorkerEvents {
  /** The worker has dropped this many datagrams. */
  dropped(count: number): void;
  /** The worker has ended, after its links closed. Called once. */
  ended(): void;
}

/** One worker: the pipe to its process, and the links which that process has accepted. */
export class WorkerProxy {
  readonly out: RecordWriter;
  isRefusing = false;
  readonly #pipe: Socket;
  readonly #receiver: Receiver;
  readonly #events: WorkerEvents;
  readonly #links = new Map<number, WorkerLink>();
  readonly #requests = new Map<number, Request>();
  #lastRequest = 0;

  constructor(path: string, receiver: Receiver, events: WorkerEvents) {
    this.#receiver = receiver;
    this.#events = events;
    const reader = new RecordReader((kind, id, payload) => this.#receive(kind, id, payload));
    const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
    const callback = (length: number): boolean => {
      reader.read(buffer.subarray(0, length));
      return true;
    };
    // One buffer for all reads (`onread`), from which the payloads are borrowed: no allocation per read.
    this.#pipe = connect({ path, onread: { buffer, callback } });
    this.out = new RecordWriter(this.#pipe);
    this.#pipe.on("error", () => {});
    this.#pipe.on("close", () => this.#onEnded());
    // Without `resume` the end of the pipe is not seen.
    this.#pipe.resume();
  }

  /**
   * Listens in the worker. @returns the address in use. @throws WireError `argument`, or `closed` when the worker dies
   */
  listen(at: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const request = ++this.#lastRequest;
      this.#requests.set(request, { resolve, reject });
      this.out.putText(RecordKind.listen, request, at);
    });
  }

  refuse(): void {
    this.isRefusing = true;
    this.out.put(RecordKind.refuse, 0);
  }

  /** Closes all links and the pipe. */
  close(): void {
    this.isRefusing = true;
    this.out.put(RecordKind.close, 0);
  }

  kill(): void {
    this.#pipe.destroy();
  }

  #receive(kind: RecordKind, id: number, payload: Buffer): void {
    switch (kind) {
      case RecordKind.datagram:
        return this.#receiver.datagram(payload.toString("latin1", 0, id), plain(payload, id));
      case RecordKind.accepted:
        return this.#onAccepted(id, payload.toString());
      case RecordKind.listening:
        return this.#take(id)?.resolve(payload.toString());
      case RecordKind.failed:
        return this.#take(id)?.reject(new WireError(JSON.parse(payload.toString()) as WireIssue));
      case RecordKind.dropped:
        return this.#events.dropped(id);
    }
    const link = this.#links.get(id);
    switch (kind) {
      case RecordKind.bytes:
        return link?.bytes(plain(payload, 0));
      case RecordKind.sent:
        return link?.sent(payload.readUInt32LE(0));
      case RecordKind.ended:
        return link?.ended();
      case RecordKind.closed:
        this.#links.delete(id);
        return link?.closed(payload.length === 0 ? undefined : (JSON.parse(payload.toString()) as WireIssue));
    }
  }

  #onAccepted(id: number, peer: string): void {
    const link = new WorkerLink(id, peer, this.out);
    const handler = this.isRefusing ? undefined : this.#receiver.accepted(link);
    if (handler === undefined) {
      link.abort();
      return;
    }
    link.handler = handler;
    this.#links.set(id, link);
  }

  #take(id: number): Request | undefined {
    const request = this.#requests.get(id);
    this.#requests.delete(id);
    return request;
  }

  #onEnded(): void {
    const actual = "the worker has ended";
    for (const { reject } of this.#requests.values()) {
      reject(new WireError({ code: "closed", format: "workers", path: "listen", actual }));
    }
    for (const link of this.#links.values()) {
      link.closed({ code: "closed", format: "workers", path: link.peer, actual });
    }
    this.#links.clear();
    this.#events.ended();
  }
}

/** A plain Uint8Array: `slice` of a Buffer shares memory instead of copying. */
function plain({ buffer, byteOffset, length }: Buffer, from: number): Uint8Array {
  return new Uint8Array(buffer, byteOffset + from, length - from);
}
