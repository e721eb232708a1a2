/** Two members get the same keys from their key managers, and one seals a file that the other opens. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { keysOfClient, Opener, Sealer } from "specwire/qkd/levels";
import { env, openFile, openLedgerFolder, sealFile } from "specwire/qkd/levels/node";
import { createQkdClient } from "specwire/qkd/node";

// Without hardware: `specwire qkd kme` runs a pair of key managers, and makes certificates for it.
const folder = await mkdtemp(join(tmpdir(), "keys-"));
const program = join(dirname(createRequire(import.meta.url).resolve("specwire/package.json")), "dist/cli/main.js");
const kmes = spawn(
  process.execPath,
  [program, "qkd", "kme", "--dir", folder, "--port", "0", "--peer-port", "0", "--json"],
  {
    stdio: ["ignore", "pipe", "inherit"],
  },
);
const { value: line } = await createInterface({ input: kmes.stdout })[Symbol.asyncIterator]().next();
const urls = JSON.parse(line).kmes.map(({ url }) => url);
const read = (name) => readFile(join(folder, `${name}.pem`), "utf8");
const tlsOf = async (name) => ({ ca: await read("ca"), cert: await read(name), key: await read(`${name}-key`) });

// At Alice's: keys for Bob, and a file sealed with two of them.
const [from, to] = ["alice@example.org", "bob@example.org"];
const alice = createQkdClient({ saeId: "alice", endpoints: [{ url: urls[0] }], tls: await tlsOf("alice") });
const aliceLedger = await openLedgerFolder({ folder: join(folder, "alice-ledger"), saeId: "alice" });
const sealer = new Sealer({ env, sender: from, ledger: aliceLedger, keys: keysOfClient(alice) });
await writeFile(join(folder, "letter.txt"), "meet me at noon");
await sealFile(sealer, join(folder, "letter.txt"), join(folder, "letter.qm"), {
  level: 2,
  recipient: to,
  slaveSaeId: "bob",
});

// At Bob's: the envelope names the keys, and his key manager has them.
const bob = createQkdClient({ saeId: "bob", endpoints: [{ url: urls[1] }], tls: await tlsOf("bob") });
const bobLedger = await openLedgerFolder({ folder: join(folder, "bob-ledger"), saeId: "bob" });
const opener = new Opener({ env, recipient: to, ledger: bobLedger, keys: keysOfClient(bob) });
const expected = { level: 2, sender: from };
await openFile(opener, join(folder, "letter.qm"), join(folder, "opened.txt"), expected);
console.log("opened:", await readFile(join(folder, "opened.txt"), "utf8"));
await openFile(opener, join(folder, "letter.qm"), join(folder, "again.txt"), expected).catch(({ reason }) => {
  console.log("a second time:", reason);
});

await Promise.all([alice.close(), bob.close()]);
await Promise.all([aliceLedger.close(), bobLedger.close()]);
opener.close();
kmes.kill();
await once(kmes, "exit");
await rm(folder, { recursive: true });
