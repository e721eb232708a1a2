import type { Limits } from "../../limits.js";
import type { TcpOptions } from "../tcp.js";
import type { UdpOptions } from "../udp.js";

/** What the processes are told when they are started. */
export interface WorkerSettings {
  readonly count: number;
  /** The socket at which the owner waits for its workers, in a folder that is theirs alone. */
  readonly path: string;
  readonly streams: TcpOptions;
  readonly datagrams: UdpOptions;
  readonly limits: Limits;
}
