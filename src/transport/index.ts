/** Transports: sockets that carry bytes and know no protocol. */
export { combine, type CombineOptions } from "./combine.js";
export { memory, type MemoryOptions } from "./memory.js";
export { formatAddress, parseAddress, type Address } from "../address.js";
export { tcp, type TcpOptions } from "./tcp.js";
export type { Endpoint, Link, LinkHandler, Receiver, Transport } from "./types.js";
export { udp, type UdpOptions } from "./udp.js";
export { workers, WORKERS_MAX, type WorkersOptions } from "./workers/workers.js";
