/** Examples of the commands of Raft that have none of their own. */
import type { Examples } from "../examples.js";

/** Examples by command. */
export const EXAMPLES: Examples = {
  raft: [
    "raft init 1=127.0.0.1:7101 2=127.0.0.1:7102 3=127.0.0.1:7103",
    "raft serve 1 --data data1",
    "raft put greeting hello",
  ],
  "raft member add": ["raft member add 4 10.0.0.4:7101"],
  "raft member promote": ["raft member promote 4"],
  "raft member demote": ["raft member demote 4"],
  "raft member remove": ["raft member remove 2"],
  "raft scenario": ["raft scenario scenario.json"],
};
