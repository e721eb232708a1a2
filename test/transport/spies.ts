/** Spies of links and endpoints. */
import { concatBytes, own } from "../../src/bytes/index.js";
import type { WireIssue } from "../../src/errors.js";
import type { Endpoint, Link, LinkHandler, Receiver, Transport } from "../../src/transport/index.js";

/** Records the events of a link, and waits for them. */
export class LinkSpy implements LinkHandler {
  readonly log: string[] = [];
  readonly pieces: Uint8Array[] = [];
  error: WireIssue | undefined;
  link: Link | undefined;
  #waiting: (() => void)[] = [];

  get received(): Uint8Array {
    return concatBytes(...this.pieces);
  }

  /** Resolves when the condition holds; checks it at every event. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async untilLogged(what: string): Promise<void> {
    await this.until(() => this.log.includes(what));
  }

  opened(): void {
    this.#record("opened");
  }

  bytes(bytes: Uint8Array): void {
    this.pieces.push(own(bytes));
    this.#record("bytes");
  }

  drained(): void {
    this.#record("drained");
  }

  ended(): void {
    this.#record("ended");
  }

  closed(error?: WireIssue): void {
    this.error = error;
    this.#record("closed");
  }

  #record(what: string): void {
    if (this.log.at(-1) !== what) this.log.push(what);
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** Records the accepted links and the datagrams of an endpoint. */
export class ReceiverSpy implements Receiver {
  readonly accepts: boolean;
  readonly links: LinkSpy[] = [];
  readonly datagrams: { readonly peer: string; readonly bytes: Uint8Array; readonly local?: string }[] = [];
  #linkWaiters: ((spy: LinkSpy) => void)[] = [];
  #datagramWaiters: (() => void)[] = [];

  constructor(accepts = true) {
    this.accepts = accepts;
  }

  accepted(link: Link): LinkHandler | undefined {
    if (!this.accepts) return undefined;
    const spy = new LinkSpy();
    spy.link = link;
    this.links.push(spy);
    this.#linkWaiters.shift()?.(spy);
    return spy;
  }

  datagram(peer: string, bytes: Uint8Array, local?: string): void {
    this.datagrams.push({ peer, bytes, ...(local !== undefined && { local }) });
    for (const resolve of this.#datagramWaiters.splice(0)) resolve();
  }

  /** Resolves when at least `count` datagrams have arrived. */
  async untilDatagrams(count: number): Promise<void> {
    while (this.datagrams.length < count) await new Promise<void>((resolve) => this.#datagramWaiters.push(resolve));
  }

  /** The next link that is accepted. */
  next(): Promise<LinkSpy> {
    return new Promise((resolve) => this.#linkWaiters.push(resolve));
  }
}

/** Connects an endpoint to a peer. */
export function dial(endpoint: Endpoint, peer: string): { readonly link: Link; readonly spy: LinkSpy } {
  const spy = new LinkSpy();
  return { link: endpoint.connect(peer, spy), spy };
}

/** Both ends of one open connection. */
export async function connected(transport: Transport, at: string) {
  const listener = new ReceiverSpy();
  const [server, client] = [transport.open(listener), transport.open(new ReceiverSpy())];
  const address = await server.listen(at);
  const accepted = listener.next();
  const { link, spy } = dial(client, address);
  const there = await accepted;
  await spy.untilLogged("opened");
  const close = async () => void (await Promise.all([client.close(), server.close()]));
  return { address, listener, server, client, here: spy, hereLink: link, there, thereLink: there.link!, close };
}
