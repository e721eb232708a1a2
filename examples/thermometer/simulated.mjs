/** The thermometer in 500 bad days: datagrams are lost, doubled, damaged and forged, hosts crash. */
import { simulate } from "specwire/testing";
import { Reader, Thermometer } from "./machines.mjs";

let answered = 0;
const faults = { datagramCorruptRate: 0.1, datagramForgeRate: 0.2 };

await simulate("a thermometer is read", { runs: 500, faults }, (simulation) => {
  simulation.host("thermometer", () => new Thermometer(() => 215), { listen: "thermometer:1" });
  const client = simulation.host("client", () => new Reader(), { listen: "client:1" });

  // Whatever goes wrong: an answer is right, or there is none.
  const first = client.call({ peer: "thermometer:1" }, 2_000);
  simulation.runUntil(() => first.outcome !== undefined, 3_000);
  if (first.outcome.ok && first.outcome.value !== 21.5) throw new Error(`read ${first.outcome.value}`);
  if (first.outcome.ok) answered++;

  // When all is well again, there is an answer.
  simulation.heal();
  simulation.runFor(1_000);
  const last = client.call({ peer: "thermometer:1" }, 2_000);
  simulation.runUntil(() => last.outcome?.ok === true, 3_000);
});

console.log(`500 runs; ${answered} had an answer before the network was healed`);
