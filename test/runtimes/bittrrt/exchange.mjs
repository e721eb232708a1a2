/** A BittrRt server and a client in one process: a handshake, and a control message under the key of the session. */
import { createBittrrtClient, startBittrrtServer } from "../../../dist/protocols/bittrrt/node.js";

/** Returns a line for each failure. */
export async function check() {
  const server = await startBittrrtServer({ portRanges: "40000-40029" });
  const client = await createBittrrtClient({ server: server.address });
  try {
    await client.connect();
    await client.control(Uint8Array.of(1, 2, 3));
    return [];
  } catch (error) {
    return [`a session: ${error}`];
  } finally {
    await client.stop();
    await server.stop();
  }
}
