/** Examples of the commands of whole servers: the commands themselves have theirs. */
import type { Examples } from "../examples.js";

/** Examples by command. */
export const EXAMPLES: Examples = {
  dps: ["dps demo", "dps init --servers 3", "dps serve --config dps1.toml"],
  "dps member add": ["dps member add 4 10.0.0.4:7100"],
  "dps member promote": ["dps member promote 4"],
  "dps member demote": ["dps member demote 4"],
  "dps member remove": ["dps member remove 2"],
};
