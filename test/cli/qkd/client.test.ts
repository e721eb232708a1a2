/** `qkd status`, `enc` and `dec` at a pair of development KMEs, as a user runs them. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleProgram, Program } from "../../support/program.js";

let program: string;
let kme: Program;
let urls: readonly string[];
const root = mkdtempSync(join(tmpdir(), "qkd cli "));
const certificates = join(root, "certificates");

beforeAll(async () => {
  program = await bundleProgram();
  kme = new Program(program, ["qkd", "kme", "--port", "0", "--peer-port", "0", "--json", "--dir", certificates]);
  const { kmes } = (await kme.line("listening", "event")) as unknown as { kmes: { url: string }[] };
  urls = kmes.map(({ url }) => url);
});
afterAll(async () => {
  await kme.stop();
  rmSync(root, { recursive: true });
});

/** Runs a command as a SAE. @param credentials a file name in front of `.pem` */
async function qkd(sae: "alice" | "bob", command: string, args: readonly string[], credentials: string = sae) {
  const file = (name: string) => join(certificates, `${name}.pem`);
  const tls = ["--ca", file("ca"), "--cert", file(credentials), "--key", file(`${credentials}-key`)];
  const kmeOf = ["--kme", urls[sae === "alice" ? 0 : 1]!, "--sae", sae];
  const running = new Program(program, ["qkd", command, ...args, ...kmeOf, ...tls]);
  const code = await running.ended();
  return { code, output: running.output, errors: running.errors };
}

const keysIn = (path: string) =>
  (JSON.parse(readFileSync(path, "utf8")) as { keys: { key_ID: string; key: string }[] }).keys;

describe("specwire qkd", () => {
  it("shows a status, for people and as JSON", async () => {
    const status = await qkd("alice", "status", ["bob"]);
    expect([status.code, status.errors]).toEqual([0, ""]);
    expect(status.output).toMatch(/^slaveSaeId +bob$/m);
    const { output } = await qkd("alice", "status", ["bob", "--json"]);
    expect(JSON.parse(output)).toMatchObject({ keySizeBits: 256, kmeId: "kme-alice", kmeUrl: urls[0] });
  });

  it("fetches the same keys at both ends, into files of their owner alone, and prints none", async () => {
    const [ours, theirs, ids] = [join(root, "ours"), join(root, "theirs"), join(root, "ids")];
    const enc = await qkd("alice", "enc", ["bob", "--number", "3", "--size", "128", "--out", ours]);
    expect([enc.code, enc.errors]).toEqual([0, `3 keys from ${urls[0]} in ${ours}\n`]);
    writeFileSync(ids, enc.output);
    const dec = await qkd("bob", "dec", ["alice", "--ids", ids, "--out", theirs, "--size", "128"]);
    expect([dec.code, dec.output]).toEqual([0, enc.output]);
    const keys = keysIn(ours);
    expect(keys.map(({ key_ID }) => `${key_ID}\n`).join("")).toBe(enc.output);
    expect(keys.map(({ key }) => Buffer.from(key, "base64").length)).toEqual([16, 16, 16]);
    expect(keysIn(theirs)).toEqual(keys);
    for (const file of [ours, theirs]) expect(statSync(file).mode & 0o777).toBe(0o600);
    const printed = enc.output + enc.errors + dec.output + dec.errors + kme.output;
    for (const { key } of keys) expect(printed).not.toContain(key.slice(0, 8));
  });

  it("says as JSON what it has fetched, without bytes of a key", async () => {
    const out = join(root, "json");
    const { output } = await qkd("alice", "enc", ["bob", "--out", out, "--json"]);
    const value = JSON.parse(output) as { keys: { keyId: string }[] };
    expect(value).toMatchObject({ out, masterSaeId: "alice", slaveSaeId: "bob", authenticated: true });
    expect(value.keys).toEqual([{ keyId: keysIn(out)[0]!.key_ID, sizeBits: 256 }]);
    await qkd("bob", "dec", ["alice", value.keys[0]!.keyId, "--out", join(root, "json-2")]);
  });

  it("asks for no key where the file cannot be written, and leaves no file where there is no key", async () => {
    const out = join(root, "there");
    writeFileSync(out, "x");
    const before = kme.logged.length;
    const refused = await qkd("alice", "enc", ["bob", "--out", out]);
    expect([refused.code, refused.errors]).toEqual([2, expect.stringContaining("a file that does not exist yet")]);
    expect(kme.logged).toHaveLength(before);
    const missing = join(root, "missing");
    const gone = await qkd("bob", "dec", ["alice", "no-such-key", "--out", missing, "--json"]);
    expect(gone.code).toBe(1);
    expect(JSON.parse(gone.output)).toMatchObject({ error: { reason: "KEY_NOT_FOUND", httpStatus: 401 } });
    expect(gone.errors).toContain("the KME says (401): The given master_sae_id is not involved in any key exchanges.");
    expect(existsSync(missing)).toBe(false);
  });

  it("tells refusals of credentials and wrong usage apart by its exit code", async () => {
    const reissued = await qkd("alice", "status", ["bob"], "alice-reissued");
    expect([reissued.code, reissued.errors]).toEqual([1, expect.stringContaining("AUTH")]);
    const both = await qkd("alice", "status", ["bob", "--kme-cn", "a", "--kme-sha256", "b"]);
    expect([both.code, both.errors]).toEqual([2, expect.stringContaining("none beside kme-cn")]);
    expect((await qkd("alice", "enc", ["bob"])).code).toBe(2);
    expect((await qkd("alice", "dec", ["bob", "--out", join(root, "x")])).code).toBe(2);
    const odd = await qkd("alice", "enc", ["bob", "--size", "12", "--out", join(root, "odd")]);
    expect([odd.code, odd.errors]).toEqual([2, expect.stringContaining("INVALID_ARGUMENT")]);
  });
});
