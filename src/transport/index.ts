/** Transports: sockets that carry bytes and know no protocol. */
export { duplex, type DuplexListener, type DuplexOptions, type DuplexStream } from "./duplex.js";
export { combine, type CombineOptions } from "./combine.js";
export { httpByOrigin } from "./http/by-origin.js";
export { http, type HttpOptions, type HttpTransport } from "./http/http.js";
export { memory, type MemoryOptions } from "./memory.js";
export { formatAddress, parseAddress, type Address } from "../address.js";
export type { NodeDuplex } from "./stream-link.js";
export type { WebDuplex } from "./web-stream-link.js";
export { tcp } from "./tcp.js";
export type { TcpOptions } from "./socket-endpoint.js";
export type { Pem, TlsCredentials, TlsVersion } from "./tls/credentials.js";
export { tls, type TlsOptions, type TlsTransport } from "./tls/tls.js";
export type {
  Endpoint,
  ExchangeHandler,
  IncomingExchange,
  Link,
  LinkHandler,
  OutgoingExchange,
  Receiver,
  Transport,
} from "./types.js";
export { udp, type UdpOptions } from "./udp.js";
export { webSocket, type WebSocketServerOptions } from "./websocket/websocket.js";
export type { WebSocketConstructor, WebSocketOptions } from "./websocket/dial.js";
export type { WebSocketLike } from "./websocket/link.js";
export { workers, WORKERS_MAX, type WorkersOptions } from "./workers/workers.js";
