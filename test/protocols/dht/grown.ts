/** Networks of the DHT that have grown server by server. */
import type { DhtOptions } from "../../../src/protocols/dht/index.js";
import type { MessageFaults } from "../../../src/testing/index.js";
import { DhtNetwork } from "../../../src/cli/dht/simulated-network.js";

/** A network of servers that have joined one after the other by the first. */
export async function grown(
  run: number,
  count: number,
  options: Omit<DhtOptions, "id"> = {},
  faults?: MessageFaults,
): Promise<DhtNetwork> {
  const network = new DhtNetwork(run, options, faults);
  const first = network.add();
  for (let i = 1; i < count; i++) {
    const host = network.add([first.address]);
    await network.ended(network.call(host, { type: "join" }), "joined");
  }
  return network;
}
