import { connect, type Socket } from "node:net";
import { WireError, type WireIssue } from "../../errors.js";
import type { Receiver } from "../types.js";
import { RecordKind, RecordReader, RecordWriter } from "./records.js";
import { WorkerLink } from "./worker-link.js";

/** What is read at a time, at most: what a pipe of the system holds, roughly. */
const READ_BYTES = 262_144;

interface Request {
  readonly resolve: (address: string) => void;
  readonly reject: (error: WireError) => void;
}

/** What a worker tells beside what it tells the receiver. */
export interface WorkerEvents {
  dropped(count: number): void;
  /** Once; its links have been told. */
  ended(): void;
}

/** One worker, as its owner sees it: a pipe, and the links that the process at its other end has accepted. */
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
    // All is borrowed from one buffer: a new one for each read would be the most of the garbage here.
    this.#pipe = connect({ path, onread: { buffer, callback } });
    this.out = new RecordWriter(this.#pipe);
    this.#pipe.on("error", () => {});
    this.#pipe.on("close", () => this.#onEnded());
    // For its end.
    this.#pipe.resume();
  }

  /** @returns the address in use. @throws WireError `argument`, or `closed` when the worker dies */
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

  /** Ends all links and the pipe. */
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

/** A plain array: a Buffer's `slice` would share memory where everybody else's copies. */
function plain({ buffer, byteOffset, length }: Buffer, from: number): Uint8Array {
  return new Uint8Array(buffer, byteOffset + from, length - from);
}
