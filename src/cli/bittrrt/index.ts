import type { Command } from "commander";
import { addLoad } from "./load.js";
import { addPing } from "./ping.js";
import { addServe } from "./serve.js";

export function addBittrrt(program: Command): void {
  const bittrrt = program.command("bittrrt").description("BittrRt: sealed frames over UDP");
  addServe(bittrrt);
  addPing(bittrrt);
  addLoad(bittrrt);
}
