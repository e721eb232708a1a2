/** Examples of the commands of the key store. */
import type { Examples } from "../examples.js";

/** Examples by command. */
export const EXAMPLES: Examples = {
  store: ["store put files letter.txt", "store ls files", "store get files letter.txt copy.txt"],
  "store put": ["store put files letter.txt pictures", "store put files - --name log --ttl-seconds 3600"],
  "store get": ["store get files letter.txt copy.txt", "store get files letter.txt - --start 100 --end 200"],
  "store ls": ["store ls files", "store ls files --json"],
  "store info": ["store info files letter.txt"],
  "store verify": ["store verify files"],
  "store repair": ["store repair files backups/letter.txt"],
  "store rm": ["store rm files letter.txt"],
  "store gc": ["store gc files"],
  "store clean": ["store clean files --yes"],
  "store migrate": [
    "store migrate files copy",
    "store migrate files spare --metadata etcd://10.0.0.1:2379/files --chunks nats://10.0.0.1:4222/files",
  ],
  "store deep-clean": ["store deep-clean files --yes"],
};
