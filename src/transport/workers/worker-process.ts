/** A worker process: its sockets, and the pipe to its owner. */
import cluster from "node:cluster";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { getDefaultHighWaterMark } from "node:stream";
import { own } from "../../bytes/index.js";
import type { WireError } from "../../errors.js";
import { combine } from "../combine.js";
import { tcp } from "../tcp.js";
import type { Endpoint, Link, LinkHandler, Receiver } from "../types.js";
import { udp } from "../udp.js";
import { RecordKind, RecordReader, RecordWriter } from "./records.js";
import type { WorkerSettings } from "./settings.js";

/** Bytes queued for the owner beyond which the worker stops reading connections and drops datagrams. */
const PIPE_QUEUE_BYTES_MAX = 1024 * 1024;
/** A socket with fewer queued bytes does not emit `drain`. */
const HIGH_WATER_MARK_BYTES = getDefaultHighWaterMark(false);

/** Serves the owner: listens where it asks, and carries bytes between sockets and the pipe. */
export function serveOwner({ folder, streams, datagrams, limits }: WorkerSettings): void {
  // This process ends with the supervisor: an error on the channel to it needs no handling.
  cluster.worker!.on("error", () => {});
  const transport = combine({ streams: tcp(streams), datagrams: udp(datagrams) });
  const path = join(folder, String(process.pid));
  const server = createServer((pipe) => {
    server.close();
    const worker = new WorkerProcess(pipe, (receiver) => transport.open(receiver, limits));
    pipe.on("error", () => {});
    pipe.on("close", () => {
      // A closing worker stays until the supervisor ends all: the supervisor would replace it.
      if (!worker.isClosing) process.exit();
    });
  });
  // The owner connects to the worker, because only the connecting side can read into one buffer (`onread`).
  server.listen({ path, exclusive: true }, () => process.send!(path, undefined, undefined, () => {}));
}

/** A link of the worker, with the state that the owner asked for. */
interface ServedLink {
  readonly link: Link;
  /** Bytes that the owner still counts as queued. */
  owedBytes: number;
  /** The owner has paused the link. */
  isPaused: boolean;
}

/** The sockets of this process, driven by records of the owner. */
class WorkerProcess implements Receiver {
  isClosing = false;
  readonly #out: RecordWriter;
  readonly #links = new Map<number, ServedLink>();
  /** Links written to in this turn. */
  readonly #written = new Map<number, ServedLink>();
  readonly #endpoint: Endpoint;
  #lastLink = 0;
  #reportedDropped = 0;
  #isReportScheduled = false;
  /** More than `PIPE_QUEUE_BYTES_MAX` is queued for the owner. */
  #isCongested = false;

  constructor(pipe: Socket, open: (receiver: Receiver) => Endpoint) {
    this.#endpoint = open(this);
    this.#out = new RecordWriter(pipe, () => this.#resumeLinks());
    const reader = new RecordReader((kind, id, payload) => this.#receive(kind, id, payload));
    pipe.on("data", (chunk) => {
      reader.read(chunk);
      this.#reportWritten();
    });
  }

  // From the network

  accepted(link: Link): LinkHandler | undefined {
    if (this.#isCongested) return undefined;
    const id = this.#nextLink();
    const served: ServedLink = { link, owedBytes: 0, isPaused: false };
    this.#links.set(id, served);
    const out = this.#out;
    out.putText(RecordKind.accepted, id, link.peer);
    return {
      opened: () => {},
      bytes: (bytes) => {
        out.putBytes(id, bytes);
        this.#pauseIfCongested();
      },
      drained: () => this.#reportSent(id, served),
      ended: () => out.put(RecordKind.ended, id),
      closed: (error) => {
        this.#links.delete(id);
        this.#written.delete(id);
        out.putText(RecordKind.closed, id, error === undefined ? "" : JSON.stringify(error));
      },
    };
  }

  datagram(peer: string, bytes: Uint8Array): void {
    // Dropped, as the kernel drops datagrams that are not read.
    if (this.#isCongested) return;
    this.#out.putDatagram(peer, bytes);
    this.#pauseIfCongested();
  }

  // From the owner

  #receive(kind: RecordKind, id: number, payload: Buffer): void {
    switch (kind) {
      case RecordKind.listen:
        return void this.#listen(id, payload.toString());
      case RecordKind.refuse:
        return this.#endpoint.refuse();
      case RecordKind.close:
        this.isClosing = true;
        return void this.#endpoint.close().then(() => this.#out.end());
      case RecordKind.datagram:
        this.#endpoint.send(payload.toString("utf8", 0, id), own(payload.subarray(id)));
        // The endpoint sends at the end of this turn: count the drops after that.
        if (!this.#isReportScheduled) setImmediate(this.#reportDropped);
        this.#isReportScheduled = true;
        return;
    }
    const served = this.#links.get(id);
    // The link has closed meanwhile: its `closed` record is on the way to the owner.
    if (served === undefined) return;
    switch (kind) {
      case RecordKind.bytes:
        served.owedBytes += payload.length;
        served.link.write(own(payload));
        this.#written.set(id, served);
        return;
      case RecordKind.shut:
        // The owner no longer counts the queue of this link.
        this.#written.delete(id);
        return served.link.shut();
      case RecordKind.abort:
        return served.link.abort();
      case RecordKind.pause:
        served.isPaused = true;
        return served.link.pause();
      case RecordKind.resume:
        served.isPaused = false;
        if (!this.#isCongested) served.link.resume();
    }
  }

  async #listen(request: number, at: string): Promise<void> {
    try {
      this.#out.putText(RecordKind.listening, request, await this.#endpoint.listen(at));
    } catch (error) {
      this.#out.putText(RecordKind.failed, request, JSON.stringify((error as WireError).toJSON()));
    }
  }

  // Reports to the owner

  #reportWritten(): void {
    for (const [id, served] of this.#written) {
      if (served.link.queuedBytes < HIGH_WATER_MARK_BYTES) this.#reportSent(id, served);
    }
    this.#written.clear();
  }

  #reportSent(id: number, served: ServedLink): void {
    if (served.owedBytes === 0) return;
    this.#out.putNumber(RecordKind.sent, id, served.owedBytes);
    served.owedBytes = 0;
  }

  readonly #reportDropped = (): void => {
    this.#isReportScheduled = false;
    const { droppedDatagrams } = this.#endpoint;
    if (droppedDatagrams === this.#reportedDropped) return;
    this.#out.put(RecordKind.dropped, droppedDatagrams - this.#reportedDropped);
    this.#reportedDropped = droppedDatagrams;
  };

  // Backpressure from a slow owner

  #pauseIfCongested(): void {
    if (this.#isCongested || this.#out.queuedBytes <= PIPE_QUEUE_BYTES_MAX) return;
    this.#isCongested = true;
    for (const { link } of this.#links.values()) link.pause();
  }

  #resumeLinks(): void {
    if (!this.#isCongested) return;
    this.#isCongested = false;
    for (const { link, isPaused } of this.#links.values()) if (!isPaused) link.resume();
  }

  #nextLink(): number {
    do this.#lastLink = (this.#lastLink + 1) >>> 0;
    while (this.#links.has(this.#lastLink));
    return this.#lastLink;
  }
}
