/** Examples of the commands of RPC. */
import type { Examples } from "../examples.js";

/** Examples by command. */
export const EXAMPLES: Examples = {
  rpc: ["rpc serve", "rpc ping 127.0.0.1:3000", "rpc call 127.0.0.1:3000 store --key 6b --value 76"],
  "rpc serve": ["rpc serve --listen 0.0.0.0:3000 --values-mib 256"],
  "rpc ping": ["rpc ping 127.0.0.1:3000 --count 5", "rpc ping 127.0.0.1:3000 --udp"],
  "rpc call": [
    "rpc call 127.0.0.1:3000 store --key 6b --value 76616c7565",
    "rpc call 127.0.0.1:3000 get --key 6b --raw",
  ],
  "rpc load": ["rpc load 127.0.0.1:3000 --size 1000", "rpc load 127.0.0.1:3000 --rate 2000 --histogram"],
};
