/** How chunks travel between servers and clients: options of the DHT that both ends share. */
import type { DhtOptions } from "../dht/index.js";
import type { RpcFraming } from "../rpc/index.js";

/** Bytes of the longest chunk. */
const CHUNK_BYTES_MAX = 4 << 20;

/** @param dht options that go before these, but for datagrams where the transport has none */
export function transferOptions(
  framing: RpcFraming,
  { datagrams, dht }: { readonly datagrams?: boolean; readonly dht?: Partial<DhtOptions> },
): Partial<DhtOptions> {
  return {
    // A chunk goes in one message.
    ...(framing === "uint32be" && { partBytes: CHUNK_BYTES_MAX }),
    // Without datagrams, a chunk comes in the answer to a lookup.
    ...(datagrams === false && { rpcTimeoutMs: 10_000 }),
    ...dht,
    ...(datagrams === false && { dhtDatagramBytesMax: 1 }),
  };
}
