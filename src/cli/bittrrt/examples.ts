/** Examples of the commands of BittrRt. */
import type { Examples } from "../examples.js";

/** Examples by command. */
export const EXAMPLES: Examples = {
  bittrrt: ["bittrrt serve", "bittrrt ping 127.0.0.1:6711"],
  "bittrrt serve": ["bittrrt serve", "bittrrt serve --bind-addr 127.0.0.1 --port-ranges 40000-40299"],
  "bittrrt ping": ["bittrrt ping 127.0.0.1:6711 --count 10"],
  "bittrrt load": [
    "bittrrt load 127.0.0.1:6711 --clients 20 --in-flight 64",
    "bittrrt load 127.0.0.1:6711 --rate 1000 --histogram",
  ],
};
