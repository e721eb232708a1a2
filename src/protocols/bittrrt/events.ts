import type { WireIssue } from "../../errors.js";
import type { Frame } from "./frame.js";
import type { HeartbeatMode, HeartbeatTiming } from "./heartbeat.js";
import type { Ports } from "./messages.js";

/** Which of the three ports. */
export type PortName = keyof Ports;
export const PORT_NAMES: readonly PortName[] = /* @__PURE__ */ Object.freeze(["ctrl", "up", "down"]);

/** What either end tells of the frames of its peer. */
export type FrameEvent =
  /** What the stamps of a heartbeat say, where they say anything. */
  | ({
      readonly type: "timing";
      readonly peer: string;
      readonly port: PortName;
      readonly mode: HeartbeatMode;
    } & HeartbeatTiming)
  /** A control message, once for each sequence that is remembered. */
  | { readonly type: "control"; readonly peer: string; readonly port: PortName; readonly frame: Frame }
  /** A frame of a kind that the reference does not know. */
  | { readonly type: "frame"; readonly peer: string; readonly port: PortName; readonly frame: Frame }
  /** A datagram that leads to nothing, and why. */
  | { readonly type: "refused"; readonly peer: string; readonly port: PortName | "main"; readonly issue: WireIssue }
  /** No authentic frame has come for too long. */
  | { readonly type: "stale"; readonly peer: string };
