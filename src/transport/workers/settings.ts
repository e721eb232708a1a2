/** The settings that a worker pool passes to its processes. */
import type { Limits } from "../../limits.js";
import type { TcpOptions } from "../socket-endpoint.js";
import type { UdpOptions } from "../udp.js";

/** Settings of the processes, passed as JSON in their arguments. */
export interface WorkerSettings {
  readonly count: number;
  /** Folder of the sockets at which the workers wait for their owner; accessible to this user alone. */
  readonly folder: string;
  readonly streams: TcpOptions;
  readonly datagrams: UdpOptions;
  readonly limits: Limits;
}
