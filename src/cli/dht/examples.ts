/** Examples of the commands of the DHT. */
import type { Examples } from "../examples.js";

const BY = "--bootstrap 127.0.0.1:7100";
const ID = "00112233445566778899aabbccddeeff00112233";

/** Examples by command. */
export const EXAMPLES: Examples = {
  dht: ["dht serve", `dht store value.bin ${BY}`, "dht simulate --servers 200"],
  "dht serve": ["dht serve --data data", `dht serve --listen 127.0.0.1:7101 ${BY}`],
  "dht ping": ["dht ping 127.0.0.1:7100"],
  "dht find-node": [`dht find-node ${ID} ${BY}`],
  "dht find-value": [`dht find-value ${ID} ${BY} --out value.bin`],
  "dht store": [`dht store value.bin ${BY} --ttl-seconds 3600`],
  "dht table": [`dht table ${BY}`],
  "dht load": [`dht load ${BY} --command find-value`, `dht load ${BY} --rate 50 --histogram`],
  "dht simulate": ["dht simulate --servers 200 --churn 0.3 --hours 2"],
};
