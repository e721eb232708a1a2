/** Examples of the commands of whole servers: the commands themselves have theirs. */
import type { Examples } from "../examples.js";

/** Examples by command. */
export const EXAMPLES: Examples = {
  dps: ["dps demo", "dps init --servers 3", "dps serve --config dps1.toml"],
};
