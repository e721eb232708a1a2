/** A file server with its store in one machine, so that simulations and fuzzers decide all that happens. */
import { concatBytes, toHex } from "../../../../src/bytes/index.js";
import { sha256 } from "../../../../src/kernel/index.js";
import type { Effect, Event, LinkId, Machine } from "../../../../src/machine/index.js";
import {
  FileServer,
  type FileServerCall,
  type FileServerEvent,
  type FileServerOptions,
  type FileServerReply,
  type FileServerValue,
  type ServedRequest,
} from "../../../../src/protocols/rpc/index.js";

/** A stored file. */
export interface StoredFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

type Out = Effect<FileServerValue, FileServerEvent>[];
type Settled = (outcome: { readonly value?: FileServerValue; readonly failed: boolean }) => void;

const PART_BYTES = 10_000;

/** Keeps files in memory by hash, and answers at once. */
export class StoredFiles implements Machine<never, FileServerValue, FileServerEvent> {
  readonly halfOpen = true;
  /** By hash in hex. */
  readonly files: Map<string, StoredFile>;
  readonly #server: FileServer;
  readonly #settled = new Map<number, Settled>();
  #nextCall = 0;
  /** The effects and the time of the current step. */
  #out: Out = [];
  #nowMs = 0;

  constructor(options: FileServerOptions = {}, files = new Map<string, StoredFile>()) {
    this.#server = new FileServer(options);
    this.files = files;
  }

  /** Calls under way: parts that did not come, and parts that were not taken. */
  get waiting(): number {
    return this.#settled.size;
  }

  step(event: Event<never>, nowMs: number, out: Out): void {
    this.#nowMs = nowMs;
    this.#out = out;
    this.#step(event);
  }

  nextWakeMs(): number {
    return this.#server.nextWakeMs();
  }

  #step(event: Event<FileServerCall>): void {
    const inner: Out = [];
    this.#server.step(event, this.#nowMs, inner);
    for (const effect of inner) {
      if (effect.type === "settle") {
        const settled = this.#settled.get(effect.id)!;
        this.#settled.delete(effect.id);
        settled("error" in effect ? { failed: true } : { value: effect.value, failed: false });
      } else {
        this.#out.push(effect);
        if (effect.type === "emit" && effect.event.type === "request") {
          this.#answer(effect.event.exchange, effect.event.request);
        }
      }
    }
  }

  #call(request: FileServerCall, settled: Settled): void {
    const id = this.#nextCall++;
    this.#settled.set(id, settled);
    this.#step({ type: "call", id, request, deadlineMs: Infinity });
  }

  #reply(exchange: LinkId, reply: FileServerReply, then: () => void = () => {}): void {
    this.#call({ command: "reply", exchange, reply }, ({ failed }) => void (failed || then()));
  }

  #answer(exchange: LinkId, request: ServedRequest): void {
    switch (request.type) {
      case "upload":
        return this.#receive(exchange, request.name, []);
      case "download": {
        const { file } = request;
        const found =
          typeof file === "string"
            ? [...this.files.values()].find(({ name }) => name === file)
            : this.files.get(toHex(file));
        if (found === undefined) return this.#reply(exchange, { type: "missing" });
        const { bytes } = found;
        return this.#reply(exchange, { type: "found", sizeBytes: bytes.length }, () => {
          this.#send(exchange, bytes, 0);
        });
      }
      case "list": {
        const files = [...this.files].map(([hash, { name, bytes }]) => {
          return { name, hash: Buffer.from(hash, "hex"), sizeBytes: bytes.length };
        });
        return this.#reply(exchange, { type: "files", files });
      }
      case "delete": {
        const wasThere = this.files.delete(toHex(request.hash));
        return this.#reply(exchange, wasThere ? { type: "deleted" } : { type: "failed", message: "unknown" });
      }
    }
  }

  #receive(exchange: LinkId, name: string, parts: Uint8Array[]): void {
    this.#call({ command: "read", exchange }, ({ value, failed }) => {
      if (failed) return;
      if (value !== undefined) {
        parts.push(value);
        return this.#receive(exchange, name, parts);
      }
      const bytes = concatBytes(...parts);
      const hash = sha256(bytes);
      this.files.set(toHex(hash), { name, bytes });
      this.#reply(exchange, { type: "stored", hash });
    });
  }

  #send(exchange: LinkId, bytes: Uint8Array, at: number): void {
    if (at >= bytes.length) return;
    const part = bytes.slice(at, at + PART_BYTES);
    this.#call({ command: "write", exchange, bytes: part }, ({ failed }) => {
      if (!failed) this.#send(exchange, bytes, at + part.length);
    });
  }
}
