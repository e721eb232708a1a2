/** Examples of the commands of RAIDA. */
import type { Examples } from "../examples.js";

const SERVERS = "--servers servers.txt";

/** Examples by command. */
export const EXAMPLES: Examples = {
  raida: ["raida demo", `raida heal wallet ${SERVERS}`, "raida serve --id 7 --config network.toml"],
  "raida demo": ["raida demo --coins 100 --run 7", "raida demo --fracked 13", "raida demo --trace trace.jsonl"],
  "raida detect": [`raida detect wallet ${SERVERS} --kind specwire`],
  "raida heal": [`raida heal wallet ${SERVERS}`, `raida heal wallet ${SERVERS} --encryption aes128Coin --json`],
  "raida find": [`raida find wallet ${SERVERS}`],
  "raida fix-encryption": [`raida fix-encryption wallet ${SERVERS}`],
  "raida serve": ["raida serve --id 7 --config network.toml"],
  "raida backup": ["raida backup data backups/monday"],
  "raida repair": ["raida repair data", "raida repair data --accept-loss"],
  "raida load": [
    "raida load 127.0.0.1:25007 --id 7 --udp",
    "raida load 127.0.0.1:25007 --id 7 --udp --rate 5000 --histogram",
  ],
};
