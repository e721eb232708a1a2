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

/** What may wait for the owner before connections are read no more and datagrams are lost. */
const PIPE_QUEUE_BYTES_MAX = 1024 * 1024;
/** A socket that has less than this waiting does not tell when nothing waits any more. */
const HIGH_WATER_MARK_BYTES = getDefaultHighWaterMark(false);

/** Does the system calls for an owner: listens where it says, and carries bytes between sockets and the pipe. */
export function serveOwner({ folder, streams, datagrams, limits }: WorkerSettings): void {
  // Where the process that starts workers is gone, this one goes as well.
  cluster.worker!.on("error", () => {});
  const transport = combine({ streams: tcp(streams), datagrams: udp(datagrams) });
  const path = join(folder, String(process.pid));
  const server = createServer((pipe) => {
    server.close();
    const worker = new WorkerProcess(pipe, (receiver) => transport.open(receiver, limits));
    pipe.on("error", () => {});
    pipe.on("close", () => {
      // One that was told to close waits for the others: it would be replaced.
      if (!worker.isClosing) process.exit();
    });
  });
  // It comes to the worker, because whoever connects can read into one buffer again and again (`onread`).
  server.listen({ path, exclusive: true }, () => process.send!(path, undefined, undefined, () => {}));
}

/** A link, and what its owner has to be told of it. */
interface ServedLink {
  readonly link: Link;
  /** Bytes that the owner still counts as waiting. */
  owedBytes: number;
  /** The owner wants nothing to be read. */
  isPaused: boolean;
}

class WorkerProcess implements Receiver {
  isClosing = false;
  readonly #out: RecordWriter;
  readonly #links = new Map<number, ServedLink>();
  /** Links that have been written to in this turn. */
  readonly #written = new Map<number, ServedLink>();
  readonly #endpoint: Endpoint;
  #lastLink = 0;
  #reportedDropped = 0;
  #isReportScheduled = false;
  /** Too much waits for the owner. */
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

  // What comes from the network

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
    // As the kernel does where nobody reads.
    if (this.#isCongested) return;
    this.#out.putDatagram(peer, bytes);
    this.#pauseIfCongested();
  }

  // What comes from the owner

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
        // After the endpoint has sent it, at the end of this turn.
        if (!this.#isReportScheduled) setImmediate(this.#reportDropped);
        this.#isReportScheduled = true;
        return;
    }
    const served = this.#links.get(id);
    // One that has closed meanwhile: the owner will hear of it.
    if (served === undefined) return;
    switch (kind) {
      case RecordKind.bytes:
        served.owedBytes += payload.length;
        served.link.write(own(payload));
        this.#written.set(id, served);
        return;
      case RecordKind.shut:
        // Nobody counts any more.
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

  // What the owner counts

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

  // An owner that is slow

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
