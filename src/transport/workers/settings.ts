import type { Limits } from "../../limits.js";
import type { TcpOptions } from "../tcp.js";
import type { UdpOptions } from "../udp.js";

/** What the processes are told when they are started. */
export interface WorkerSettings {
  readonly count: number;
  /** Where the workers wait for their owner, each at a socket: nobody else can enter it. */
  readonly folder: string;
  readonly streams: TcpOptions;
  readonly datagrams: UdpOptions;
  readonly limits: Limits;
}
