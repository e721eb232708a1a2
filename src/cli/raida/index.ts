import type { Command } from "commander";
import { addBackup } from "./backup.js";
import { addDemo } from "./demo.js";
import { addFixEncryption } from "./fix-encryption.js";
import { addLoad } from "./load.js";
import { addServe } from "./serve.js";
import { addWallet } from "./wallet.js";

export function addRaida(program: Command): void {
  const raida = program.command("raida").description("the RAIDA network");
  addDemo(raida);
  addWallet(raida);
  addFixEncryption(raida);
  addServe(raida);
  addBackup(raida);
  addLoad(raida);
}
