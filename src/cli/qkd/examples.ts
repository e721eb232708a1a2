/** Examples of the commands of QKD. */
import type { Examples } from "../examples.js";

const CERTIFICATES = "--ca certificates/ca.pem --cert certificates/alice.pem --key certificates/alice-key.pem";
const ALICE = `--sae alice --kme https://127.0.0.1:13000 ${CERTIFICATES}`;
const BOB = `--sae bob --kme https://127.0.0.1:14000 ${CERTIFICATES.replaceAll("alice", "bob")}`;
const FROM_TO = "--from alice@example.org --to bob@example.org";

/** Examples by command. */
export const EXAMPLES: Examples = {
  qkd: ["qkd kme --dir certificates", `qkd status bob ${ALICE}`, "qkd keygen me --level 3 --id me@example.org"],
  "qkd status": [`qkd status bob ${ALICE}`],
  "qkd enc": [`qkd enc bob ${ALICE} --number 2 --out keys.json > ids.txt`],
  "qkd dec": [`qkd dec alice ${BOB} --ids ids.txt --out same-keys.json`],
  "qkd keygen": ["qkd keygen alice --level 3 --id alice@example.org"],
  "qkd fingerprint": ["qkd fingerprint bob.public"],
  "qkd seal": [
    `qkd seal letter.txt letter.qm --level 2 ${FROM_TO} --keys keys.json --state sent`,
    `qkd seal letter.txt letter.qm --level 3 ${FROM_TO} --own alice.secret --peer bob.public`,
  ],
  "qkd open": [
    `qkd open letter.qm letter.txt --level 2 ${FROM_TO} --keys same-keys.json --state seen`,
    `qkd open letter.qm letter.txt --level 3 ${FROM_TO} --own bob.secret --peer alice.public --state seen`,
  ],
};
