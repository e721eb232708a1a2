/** The commands on a store in etcd and NATS, as a user runs them. */
import { once } from "node:events";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openKeyStore } from "../../../src/protocols/store/node.js";
import { openEtcdMetadata } from "../../../src/protocols/store/etcd/node.js";
import { isServerMissing, startEtcd, startNats, type Cluster } from "../../support/servers.js";
import { Program, runProgram } from "../../support/program.js";
import { mixed } from "../../protocols/store/engines.js";

/** The program as it is built: a bundle elsewhere would not find the clients. */
const PROGRAM = "dist/cli/main.js";
const FILES = 12;

describe.skipIf(isServerMissing("etcd", "nats-server"))("specwire store in etcd and NATS", () => {
  const root = mkdtempSync(join(tmpdir(), "store engines "));
  const [folder, spare] = [join(root, "folder"), join(root, "spare")];
  let etcd: Cluster;
  let nats: Cluster;
  let engines: string[];
  beforeAll(async () => {
    etcd = await startEtcd();
    nats = await startNats();
    engines = ["--metadata", `etcd://${etcd.addresses[0]}/a/b`, "--chunks", `nats://${nats.addresses[0]}/chunks`];
  });
  afterAll(async () => {
    await etcd.close();
    await nats.close();
    rmSync(root, { recursive: true });
  });
  const store = (...args: string[]) => runProgram(PROGRAM, ["store", ...args]);

  test("puts, lists, gets, verifies and deletes", () => {
    const file = join(root, "file.bin");
    writeFileSync(file, mixed(900_000));
    const put = store("put", spare, file, "--ttl-seconds", "0", ...engines);
    expect([put.code, put.errors]).toEqual([0, ""]);
    expect(store("ls", spare, ...engines).output).toMatch(/file\.bin\n$/);
    expect(store("get", spare, "file.bin", join(root, "back.bin"), ...engines).code).toBe(0);
    expect(Buffer.compare(readFileSync(join(root, "back.bin")), mixed(900_000))).toBe(0);
    expect(store("verify", spare, ...engines).output).toBe("nothing is damaged\n");
    expect(readdirSync(spare).filter((name) => !name.startsWith("."))).toEqual([]);
    expect(store("rm", spare, "file.bin", ...engines).output).toMatch(/file\.bin\n$/);
  });

  test("migrates a folder, killed in between, and back", async () => {
    const open = await openKeyStore({ folder });
    for (let i = 0; i < FILES; i++) await open.store.put(mixed(1_500_000, i), { name: `file ${i}` });
    await open.close();
    // On a machine that stalls, a migration may be over before it is killed: then another one is.
    for (let attempt = 1; ; attempt++) {
      const name = `cut${attempt}`;
      engines = [
        "--metadata",
        `etcd://${etcd.addresses[0]}/${name}`,
        "--chunks",
        `nats://${nats.addresses[0]}/${name}`,
      ];
      const cut = new Program(PROGRAM, ["store", "migrate", folder, spare, "--log", ...engines]);
      const ended = once(cut.child, "exit");
      while (!cut.errors.includes("copied") && cut.child.exitCode === null) {
        await Promise.race([once(cut.child.stderr!, "data"), ended]);
      }
      if ((await cut.stop("SIGKILL")) === "SIGKILL") break;
    }
    const taken = ["--take-lock", ...engines];
    const rest = store("migrate", folder, spare, "--json", ...taken);
    const { copied, present, failed } = JSON.parse(rest.output) as Record<string, unknown>;
    expect([rest.code, Number(copied) + Number(present), failed]).toEqual([0, FILES, []]);
    expect(Number(present)).toBeGreaterThan(0);
    expect(store("verify", spare, ...engines).output).toBe("nothing is damaged\n");
    const from = engines.map((one) => one.replace(/^--/, "--from-"));
    const home = join(root, "home");
    expect(store("migrate", spare, home, ...from).output).toBe(
      `${FILES} files copied, 0 were there, 0 could not be copied\n`,
    );
    for (const name of readdirSync(join(folder, "data"))) {
      expect(Buffer.compare(readFileSync(join(folder, "data", name)), readFileSync(join(home, "data", name)))).toBe(0);
    }
  });

  test("says what is wrong with a URL, and who has the metadata open", async () => {
    for (const wrong of [
      ["--metadata", "nats://x:1"],
      ["--chunks", "nats://user:password@x:1"],
    ]) {
      const refused = store("ls", spare, ...wrong);
      expect([refused.code, refused.errors.includes("password")]).toEqual([2, false]);
      expect(refused.errors).toContain(`store.${wrong[0]!.slice(2)}: expected`);
    }
    engines = ["--metadata", `etcd://${etcd.addresses[0]}/a/b`, "--chunks", `nats://${nats.addresses[0]}/chunks`];
    const { close } = await openEtcdMetadata({ endpoints: etcd.addresses, prefix: "a/b/" });
    expect(store("ls", spare, ...engines).errors).toContain("another process has the metadata open");
    await close();
  });

  test("finds users in the environment, those of the source apart, and says so where they are refused", async () => {
    const users = ["first", "second"].map((user) => `{ user: ${user}, password: "secret of ${user}" }`);
    const [source, target] = await Promise.all(
      users.map((user) => startNats(1, async () => [`authorization { users: [ ${user} ] }`])),
    );
    const at = (cluster: Cluster): string => `nats://${cluster.addresses[0]}/chunks`;
    const [here, there] = [join(root, "here"), join(root, "there")];
    const file = join(root, "guarded.bin");
    writeFileSync(file, mixed(100_000));
    const refused = store("put", here, file, "--chunks", at(source!));
    expect([refused.code, refused.errors]).toEqual([2, expect.stringContaining("NATS_USER and NATS_PASSWORD")]);
    vi.stubEnv("NATS_USER", "first");
    vi.stubEnv("NATS_PASSWORD", "wrong");
    const wrong = store("put", here, file, "--chunks", at(source!));
    expect([wrong.code, wrong.errors]).toEqual([
      2,
      expect.stringMatching(/^specwire: store_nats\.connect: the peer refuses/),
    ]);
    expect(wrong.errors).not.toContain("wrong");
    vi.stubEnv("NATS_PASSWORD", "secret of first");
    expect(store("put", here, file, "--ttl-seconds", "0", "--chunks", at(source!))).toMatchObject({
      code: 0,
      errors: "",
    });
    vi.stubEnv("NATS_USER", "second");
    vi.stubEnv("NATS_PASSWORD", "secret of second");
    vi.stubEnv("FROM_NATS_USER", "first");
    vi.stubEnv("FROM_NATS_PASSWORD", "secret of first");
    const moved = store("migrate", here, there, "--from-chunks", at(source!), "--chunks", at(target!));
    expect([moved.output, moved.errors]).toEqual(["1 files copied, 0 were there, 0 could not be copied\n", ""]);
    vi.stubEnv("ETCDCTL_USER", "somebody");
    const half = store("ls", here, "--metadata", `etcd://${etcd.addresses[0]}/half`);
    expect([half.code, half.errors]).toEqual([2, expect.stringContaining("ETCDCTL_PASSWORD")]);
    vi.unstubAllEnvs();
    expect(store("migrate", "--help").output).toContain("FROM_NATS_CREDS");
    await Promise.all([source!.close(), target!.close()]);
  });
});
