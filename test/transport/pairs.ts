/** Pairs of streams inside the process, and addresses at which they are accepted. */
import { Duplex } from "node:stream";
import { parseAddress } from "../../src/address.js";
import type { DuplexOptions, DuplexStream } from "../../src/transport/index.js";

/** One end of a pipe with the back-pressure of its reader; destroying it resets the other end. */
class PipeEnd extends Duplex {
  other: PipeEnd | undefined;
  #waiting: (() => void) | undefined;

  constructor() {
    super({ allowHalfOpen: true });
  }

  override _read(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.();
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    const other = this.other!;
    if (other.destroyed || other.push(chunk)) setImmediate(done);
    else other.#waiting = done;
  }

  override _final(done: () => void): void {
    this.other!.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const { other } = this;
    const isOver = this.readableEnded && this.writableFinished;
    if (!isOver) setImmediate(() => other!.destroy(Object.assign(new Error("reset"), { code: "ECONNRESET" })));
    done(error);
  }
}

/** Both ends of a pipe of Node.js. */
export function nodePair(): [Duplex, Duplex] {
  const [one, other] = [new PipeEnd(), new PipeEnd()];
  one.other = other;
  other.other = one;
  return [one, other];
}

/** Both ends of two Web Streams. */
export function webPair(): [DuplexStream, DuplexStream] {
  const [there, back] = [new TransformStream<Uint8Array, Uint8Array>(), new TransformStream<Uint8Array, Uint8Array>()];
  return [
    { readable: back.readable, writable: there.writable },
    { readable: there.readable, writable: back.writable },
  ];
}

/** A network of pairs by address. */
export function switchboard(pair: () => [DuplexStream, DuplexStream]): DuplexOptions {
  const accepting = new Map<string, (stream: DuplexStream, peer: string) => void>();
  let lastPort = 0;
  const refusal = (code: string) => Object.assign(new Error(code), { code });
  return {
    async connect(peer) {
      parseAddress(peer);
      const accept = accepting.get(peer);
      if (accept === undefined) throw refusal("ECONNREFUSED");
      const [own, theirs] = pair();
      accept(theirs, `caller:${++lastPort}`);
      return own;
    },
    listen(at, accept) {
      const address = at.replace(/:0$/, `:${++lastPort}`);
      if (accepting.has(address)) throw refusal("EADDRINUSE");
      accepting.set(address, accept);
      return { address, close: () => void accepting.delete(address) };
    },
  };
}
