/** Bob, in a process of his own: opens the envelopes of a file with keys of his own key manager. */
import { readFileSync } from "node:fs";
import { createQkdClient } from "../../../../src/protocols/qkd/node.js";
import {
  keysOfClient,
  memoryLedger,
  Opener,
  PublicKeys,
  SecretKeys,
  type Level,
} from "../../../../src/protocols/qkd/levels/index.js";
import { env } from "../../../../src/protocols/qkd/levels/node.js";

/** What he is told. */
export interface BobsTask {
  readonly url: string;
  readonly tls: { readonly ca: string; readonly cert: string; readonly key: string };
  readonly saeId: string;
  readonly recipient: string;
  readonly sender: string;
  /** Texts of his secret keys, and of the sender's public keys, by level. */
  readonly secretKeys: Readonly<Record<string, string>>;
  readonly senderKeys: Readonly<Record<string, string>>;
  readonly envelopes: readonly { readonly level: Level; readonly base64: string }[];
}

const task = JSON.parse(readFileSync(process.argv[2]!, "utf8")) as BobsTask;
const client = createQkdClient({ saeId: task.saeId, endpoints: [{ url: task.url }], tls: task.tls });
try {
  const secretKeys = await Promise.all(Object.values(task.secretKeys).map((text) => SecretKeys.read(text)));
  const { recipient, sender } = task;
  const bob = new Opener({ env, recipient, ledger: memoryLedger(), keys: keysOfClient(client), secretKeys });
  for (const { level, base64 } of task.envelopes) {
    const text = task.senderKeys[level];
    const senderKeys = text === undefined ? undefined : await PublicKeys.read(text);
    const { content } = await bob.open(Buffer.from(base64, "base64"), {
      level,
      sender,
      ...(senderKeys && { senderKeys }),
    });
    process.stdout.write(`${Buffer.from(content).toString("base64")}\n`);
  }
} finally {
  await client.close();
}
