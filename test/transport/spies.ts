import { concatBytes, own } from "../../src/bytes/index.js";
import type { WireIssue } from "../../src/errors.js";
import type { Endpoint, Link, LinkHandler, Receiver, Transport } from "../../src/transport/index.js";

/** Writes down what a link tells, and lets a test wait for it. */
export class LinkSpy implements LinkHandler {
  readonly log: string[] = [];
  readonly pieces: Uint8Array[] = [];
  error: WireIssue | undefined;
  link: Link | undefined;
  #waiting: (() => void)[] = [];

  get received(): Uint8Array {
    return concatBytes(...this.pieces);
  }

  /** Resolves when the condition holds; checked whenever something is told. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async saw(what: string): Promise<void> {
    await this.until(() => this.log.includes(what));
  }

  opened(): void {
    this.#tell("opened");
  }

  bytes(bytes: Uint8Array): void {
    this.pieces.push(own(bytes));
    this.#tell("bytes");
  }

  drained(): void {
    this.#tell("drained");
  }

  ended(): void {
    this.#tell("ended");
  }

  closed(error?: WireIssue): void {
    this.error = error;
    this.#tell("closed");
  }

  #tell(what: string): void {
    if (this.log.at(-1) !== what) this.log.push(what);
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** A listener that records its links, in the order in which they were accepted. */
export class ReceiverSpy implements Receiver {
  readonly accepts: boolean;
  readonly links: LinkSpy[] = [];
  readonly datagrams: { readonly peer: string; readonly bytes: Uint8Array; readonly local?: string }[] = [];
  #waiting: ((recorder: LinkSpy) => void)[] = [];
  #hears: (() => void)[] = [];

  constructor(accepts = true) {
    this.accepts = accepts;
  }

  accepted(link: Link): LinkHandler | undefined {
    if (!this.accepts) return undefined;
    const recorder = new LinkSpy();
    recorder.link = link;
    this.links.push(recorder);
    this.#waiting.shift()?.(recorder);
    return recorder;
  }

  datagram(peer: string, bytes: Uint8Array, local?: string): void {
    this.datagrams.push({ peer, bytes, ...(local !== undefined && { local }) });
    for (const resolve of this.#hears.splice(0)) resolve();
  }

  /** Resolves when that many datagrams are there. */
  async heard(count: number): Promise<void> {
    while (this.datagrams.length < count) await new Promise<void>((resolve) => this.#hears.push(resolve));
  }

  /** The next link that is accepted. */
  next(): Promise<LinkSpy> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

export function dial(endpoint: Endpoint, peer: string): { readonly link: Link; readonly heard: LinkSpy } {
  const heard = new LinkSpy();
  return { link: endpoint.connect(peer, heard), heard };
}

/** Both ends of one open connection. */
export async function connected(transport: Transport, at: string) {
  const listener = new ReceiverSpy();
  const [server, client] = [transport.open(listener), transport.open(new ReceiverSpy())];
  const address = await server.listen(at);
  const accepted = listener.next();
  const { link, heard } = dial(client, address);
  const there = await accepted;
  await heard.saw("opened");
  const close = async () => void (await Promise.all([client.close(), server.close()]));
  return { address, listener, server, client, here: heard, hereLink: link, there, thereLink: there.link!, close };
}
