/** Events that both ends emit. */
import type { WireIssue } from "../../errors.js";
import type { Frame } from "./frame.js";
import type { HeartbeatMode, HeartbeatTiming } from "./heartbeat.js";
import type { Ports } from "./messages.js";

/** The name of one of the three ports. */
export type PortName = keyof Ports;
/** The names of the three ports, in the order in which a message lists them. */
export const PORT_NAMES: readonly PortName[] = /* @__PURE__ */ Object.freeze(["ctrl", "up", "down"]);

/** An event about a datagram of the peer, of a server and of a client alike. */
export type FrameEvent =
  /** A heartbeat whose stamps tell a latency. */
  | ({
      readonly type: "timing";
      readonly peer: string;
      readonly port: PortName;
      readonly mode: HeartbeatMode;
    } & HeartbeatTiming)
  /** A control message. One that is sent again is not reported again. */
  | { readonly type: "control"; readonly peer: string; readonly port: PortName; readonly frame: Frame }
  /** A frame with flags that the reference does not use. */
  | { readonly type: "frame"; readonly peer: string; readonly port: PortName; readonly frame: Frame }
  /** A datagram that was ignored, with the reason. */
  | { readonly type: "refused"; readonly peer: string; readonly port: PortName | "main"; readonly issue: WireIssue }
  /** The peer has given no sign of life for `staleAfterMs`. */
  | { readonly type: "stale"; readonly peer: string };
