/** Examples of the commands of the chain: the commands themselves have theirs. */
import type { Examples } from "../examples.js";

/** Examples by command. */
export const EXAMPLES: Examples = {
  chain: ["chain init blocks", "chain append blocks letter.txt", "chain validate blocks"],
};
