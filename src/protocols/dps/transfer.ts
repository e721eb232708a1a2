/** How chunks travel between servers and clients: options of the DHT that both ends share. */
import type { DhtOptions } from "../dht/index.js";
import type { FrameSizes } from "./frame-sizes.js";

/** @param dht options that go before these, but for datagrams where the transport has none */
export function transferOptions(
  { partBytes }: FrameSizes,
  { datagrams, dht }: { readonly datagrams?: boolean; readonly dht?: Partial<DhtOptions> },
): Partial<DhtOptions> {
  return {
    partBytes,
    // Without datagrams, a chunk comes in the answer to a lookup.
    ...(datagrams === false && { rpcTimeoutMs: 10_000 }),
    ...dht,
    ...(datagrams === false && { dhtDatagramBytesMax: 1 }),
  };
}
