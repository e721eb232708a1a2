/** Two peers keep sealed channels open, measure latency at both ends, and answer no frame twice. */
import { createBittrrtClient, startBittrrtServer } from "specwire/bittrrt/node";

const server = await startBittrrtServer({ listen: "127.0.0.1:0", portRanges: "40000-40999" });
const client = await createBittrrtClient({ server: server.address, heartbeatMs: 50 });
const measured = new Promise((resolve) => {
  client.subscribe((event) => {
    if (event.type === "timing" && event.serverLatencyMs !== undefined) resolve(event);
  });
});

const { ports } = await client.connect();
console.log("connected to", Object.keys(ports).join(", "));
const { port, serverLatencyMs } = await measured;
console.log(
  "the server waited",
  serverLatencyMs < 10_000 ? "some ms" : "long",
  "for an answer at a port of these:",
  port in ports,
);

await client.stop();
await server.stop();
