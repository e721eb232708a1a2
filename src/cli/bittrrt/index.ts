/** BittrRt on the command line: its codecs, machines, recordings and commands. */
import type { Command } from "commander";
import * as codecs from "../../codec/gen/bittrrt/index.js";
import { bittrrtRecordings } from "../../conformance/bittrrt/index.js";
import { BITTRRT_MACHINES } from "../../protocols/bittrrt/index.js";
import type { Protocol } from "../protocol.js";
import { EXAMPLES } from "./examples.js";
import { addLoad } from "./load.js";
import { addPing } from "./ping.js";
import { addServe } from "./serve.js";

/** The protocol BittrRt. */
export const bittrrt: Protocol = {
  name: "bittrrt",
  codecs,
  machines: BITTRRT_MACHINES,
  recordings: bittrrtRecordings,
  addCommands,
  examples: EXAMPLES,
};

function addCommands(program: Command): void {
  const group = program.command("bittrrt").description("BittrRt: sealed frames over UDP");
  addServe(group);
  addPing(group);
  addLoad(group);
}
