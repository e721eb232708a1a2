/** One member of a cluster without links: decoded messages in and out, one turn at a time. */
import type { Millis } from "../../../machine/index.js";
import type { AppliedState } from "./applied-state.js";
import type { LogImage } from "./log-image.js";
import type { MemberId } from "./messages.js";
import { rulesOf, type RaftCoreOptions, type RaftRules } from "./options.js";
import type { CoreEffect, CoreInput, CoreView } from "./types.js";

/** What a core begins with: what its disk says, and where it is in time. */
export interface CoreStart {
  readonly member: MemberId;
  /** Drawn when the disk was made. */
  readonly life: bigint;
  /** The core reads it once and keeps entries of it, not the image. */
  readonly log: LogImage;
  /** Sizes of the files of snapshots by key. */
  readonly files: ReadonlyMap<string, number>;
  /** What `log.mark` covers, restored. */
  readonly applied: AppliedState;
  readonly nowMs: Millis;
  /** Draws an election timeout; also fractions of it, so each call counts. */
  readonly drawElectionMs: (loMs: Millis, hiMs: Millis) => Millis;
  /** Holds votes for the least election timeout, since a lease may be out that was heard before. Default true. */
  readonly hold?: boolean;
}
