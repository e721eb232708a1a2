/** A connection in a worker, as its owner sees it. */
import { own } from "../../bytes/index.js";
import type { WireIssue } from "../../errors.js";
import type { Link, LinkHandler } from "../types.js";
import { RecordKind, type RecordWriter } from "./records.js";

/** A connection that a worker has accepted. It holds back events that arrive while the owner has paused it. */
export class WorkerLink implements Link {
  readonly peer: string;
  handler: LinkHandler | undefined;
  readonly #id: number;
  readonly #out: RecordWriter;
  #queuedBytes = 0;
  #isPaused = false;
  #isShut = false;
  #isClosed = false;
  /** Events that arrived while the link was paused. */
  #heldEvents: (() => void)[] = [];

  constructor(id: number, peer: string, out: RecordWriter) {
    this.#id = id;
    this.peer = peer;
    this.#out = out;
  }

  // From the owner

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  write(bytes: Uint8Array): void {
    if (this.#isShut || this.#isClosed) return;
    this.#queuedBytes += bytes.length;
    this.#out.putBytes(this.#id, bytes);
  }

  shut(): void {
    if (!this.#isShut) this.#finish(RecordKind.shut);
  }

  abort(): void {
    this.#finish(RecordKind.abort);
  }

  pause(): void {
    if (this.#isShut || this.#isPaused) return;
    this.#isPaused = true;
    this.#send(RecordKind.pause);
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#send(RecordKind.resume);
    if (this.#heldEvents.length > 0) queueMicrotask(() => this.#release());
  }

  // From the worker

  bytes(bytes: Uint8Array): void {
    if (this.#isShut) return;
    if (!this.#isHolding) {
      this.handler?.bytes(bytes);
      return;
    }
    const kept = own(bytes);
    this.#heldEvents.push(() => this.handler?.bytes(kept));
  }

  sent(bytes: number): void {
    this.#queuedBytes -= bytes;
    if (this.#queuedBytes === 0) this.handler?.drained();
  }

  ended(): void {
    if (this.#isShut) return;
    if (this.#isHolding) this.#heldEvents.push(() => this.handler?.ended());
    else this.handler?.ended();
  }

  closed(error?: WireIssue): void {
    this.#isClosed = true;
    this.#queuedBytes = 0;
    if (this.#heldEvents.length > 0) this.#heldEvents.push(() => this.handler?.closed(error));
    else this.handler?.closed(error);
  }

  /** Whether events must wait: the link is paused, or earlier events are held. */
  get #isHolding(): boolean {
    return this.#isPaused || this.#heldEvents.length > 0;
  }

  /** Drops held events; of later events the handler gets `closed` alone. */
  #finish(kind: RecordKind): void {
    this.#isShut = true;
    this.#isPaused = false;
    this.#send(kind);
    const last = this.#heldEvents.at(-1);
    this.#heldEvents = [];
    if (this.#isClosed && last !== undefined) queueMicrotask(last);
  }

  #release(): void {
    while (!this.#isPaused) {
      const next = this.#heldEvents.shift();
      if (next === undefined) return;
      next();
    }
  }

  #send(kind: RecordKind): void {
    if (!this.#isClosed) this.#out.put(kind, this.#id);
  }
}
