/** The thermometer on UDP: the same machines, on sockets and the clock of this machine. */
import { run } from "specwire/host";
import { udp } from "specwire/transport";
import { Reader, Thermometer } from "./machines.mjs";

const server = run(new Thermometer(() => 215), { transport: udp() });
const peer = await server.listen("127.0.0.1:0");
const client = run(new Reader(), { transport: udp() });
await client.listen("127.0.0.1:0");

console.log(await client.call({ peer }, { timeoutMs: 5_000 }), "degrees");

await client.stop();
await server.stop();
