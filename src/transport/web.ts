/** Transports for browsers: WebSockets that dial, Web Streams, and memory. */
export { combine, type CombineOptions } from "./combine.js";
export { duplex, type DuplexListener, type DuplexOptions, type DuplexStream } from "./duplex.js";
export { memory, type MemoryOptions } from "./memory.js";
export type { NodeDuplex } from "./stream-link.js";
export type { Endpoint, Link, LinkHandler, Receiver, Transport } from "./types.js";
export type { WebDuplex } from "./web-stream-link.js";
export { webSocket, type WebSocketConstructor, type WebSocketOptions } from "./websocket/dial.js";
export type { WebSocketLike } from "./websocket/link.js";
