/** The DHT on the command line: its codecs, its machine and its commands. */
import type { Command } from "commander";
import * as codecs from "../../codec/gen/dht/index.js";
import { DHT_MACHINES } from "../../protocols/dht/index.js";
import type { Protocol } from "../protocol.js";
import { EXAMPLES } from "./examples.js";
import { addLoad } from "./load.js";
import { addFindNode, addFindValue, addPing, addStore, addTable } from "./query.js";
import { addServe } from "./serve.js";
import { addSimulate } from "./simulate.js";

/** The protocol DHT. */
export const dht: Protocol = { name: "dht", codecs, machines: DHT_MACHINES, addCommands, examples: EXAMPLES };

function addCommands(program: Command): void {
  const group = program
    .command("dht")
    .description("the DHT: servers that find each other and keep values, by Kademlia");
  addServe(group);
  addPing(group);
  addFindNode(group);
  addFindValue(group);
  addStore(group);
  addTable(group);
  addLoad(group);
  addSimulate(group);
}
