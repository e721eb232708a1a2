/** The commands `qkd keygen` and `qkd fingerprint`: keys of a member for level 3 or 4. */
import type { Command } from "commander";
import { PublicKeys, SecretKeys } from "../../protocols/qkd/levels/index.js";
import { env, readPublicText, writePublicKeys, writeSecretKeys } from "../../protocols/qkd/levels/node.js";
import { levelOption } from "./message-options.js";

interface Options {
  readonly level: 3 | 4;
  readonly id: string;
}

export function addKeygen(group: Command): void {
  group
    .command("keygen")
    .description("make the keys of a member: NAME.secret for its owner alone, and NAME.public")
    .argument("<name>", "where the files begin; neither may exist")
    .addOption(levelOption("3 ML-KEM-1024 and ML-DSA-87, 4 RSA-4096", [3, 4]))
    .requiredOption("--id <address>", "whose keys they are")
    .action(async (name: string, { level, id }: Options) => {
      const keys = await SecretKeys.generate(level, id, env);
      try {
        await writeSecretKeys(`${name}.secret`, keys);
        await writePublicKeys(`${name}.public`, keys.publicKeys);
        console.log(`wrote ${name}.secret and ${name}.public; tell others their fingerprint by another way:`);
        console.log(keys.publicKeys.fingerprint);
      } finally {
        keys.wipe();
      }
    });
}

export function addFingerprint(group: Command): void {
  group
    .command("fingerprint")
    .description("the fingerprint of public keys that came from somebody: compare it with theirs before you use them")
    .argument("<file>", "their NAME.public")
    .action(async (path: string) => {
      const { level, id, fingerprint } = await PublicKeys.read(await readPublicText(path));
      console.log(`keys of level ${level} that say they are those of ${JSON.stringify(id)}:`);
      console.log(fingerprint);
    });
}
