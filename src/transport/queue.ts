/** What a datagram that waits costs beside its bytes: objects here, a request in the kernel. Empty ones cost it too. */
const DATAGRAM_OVERHEAD_BYTES = 512;

/** What `count` waiting datagrams of `bytes` bytes in all count for, measured against `datagramQueueBytesMax`. */
export function queueBytes(bytes: number, count: number): number {
  return bytes + count * DATAGRAM_OVERHEAD_BYTES;
}
