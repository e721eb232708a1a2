/** The cost of queued datagrams, as limits count it. */

/** Overhead of a queued datagram beside its bytes: objects of this process and a request in the kernel. */
const DATAGRAM_OVERHEAD_BYTES = 512;

/** Cost of `count` queued datagrams of `bytes` bytes in total, as `datagramQueueBytesMax` limits it. */
export function queueBytes(bytes: number, count: number): number {
  return bytes + count * DATAGRAM_OVERHEAD_BYTES;
}
