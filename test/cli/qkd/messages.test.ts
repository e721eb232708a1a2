/** `qkd keygen`, `qkd seal` and `qkd open`, as users run them on two machines. */
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleProgram, runProgram } from "../../support/program.js";

let program: string;
const made: { readonly code: number | null; readonly output: string }[] = [];
const root = mkdtempSync(join(tmpdir(), "messages "));
const at = (name: string): string => join(root, name);
beforeAll(async () => {
  program = await bundleProgram();
  for (const who of ["alice", "bob"]) {
    made.push(run("keygen", at(who), "--level", "3", "--id", `${who}@example.org`));
  }
  writeFileSync(
    at("content"),
    Uint8Array.from({ length: 150_000 }, (_, i) => i * 7),
  );
}, 120_000);
afterAll(() => {
  rmSync(root, { recursive: true });
});

const run = (...args: string[]) => runProgram(program, ["qkd", ...args]);
const ADDRESSES = ["--from", "alice@example.org", "--to", "bob@example.org"];

/** A file of keys as key managers' commands write it, for its owner alone. */
function keyFile(name: string, keys: number, keyBytes = 32): string {
  const container = {
    master_SAE_ID: "sae-alice",
    slave_SAE_ID: "sae-bob",
    KME_ID: "kme-alice",
    peer_KME_ID: "kme-bob",
    keys: Array.from({ length: keys }, (_, i) => ({
      key_ID: `${name}-${i}`,
      key: Buffer.alloc(keyBytes, i + name.length).toString("base64"),
    })),
  };
  writeFileSync(at(name), JSON.stringify(container), { mode: 0o600 });
  return at(name);
}

it("keys are made, with a fingerprint to compare", () => {
  for (const { code, output } of made) {
    expect(code).toBe(0);
    expect(output).toMatch(/^([0-9a-f]{8} ?){8}$/m);
  }
});

it("the fingerprint of keys that came is the one that was told when they were made", () => {
  const { code, output } = run("fingerprint", at("bob.public"));
  expect(code).toBe(0);
  const lines = (text: string): string[] => text.trim().split("\n");
  expect(lines(output)).toEqual([expect.stringContaining('"bob@example.org"'), ...lines(made[1]!.output).slice(-2)]);
  expect(run("fingerprint", at("bob.secret")).code).not.toBe(0);
});

describe.each([1, 2, 3] as const)("at level %i", (level) => {
  const members = (own: string, peer: string): string[] =>
    level === 3 ? ["--own", at(`${own}.secret`), "--peer", at(`${peer}.public`)] : [];
  const keys = () =>
    level < 3 ? ["--keys", keyFile(`keys-${level}`, level === 1 ? 160 : 2, level === 1 ? 1000 : 32)] : [];
  const sealed = at(`sealed-${level}`);
  const state = (who: string): string[] => ["--state", at(`${who}-${level}`)];

  it("a file is sealed once with its keys, and opened once", () => {
    const seal = ["seal", at("content"), sealed, "--level", `${level}`, ...ADDRESSES, ...keys()];
    const sealing = run(...seal, ...members("alice", "bob"), ...state("alice"));
    expect(sealing).toMatchObject({ code: 0, errors: "" });
    if (level < 3) {
      expect(readFileSync(sealed).subarray(0, 200).toString("latin1")).toContain("kme-bob");
      const again = run(...seal, ...state("alice"));
      expect(again.code).not.toBe(0);
      expect(again.errors).toContain("KEY_USED");
    }
    const open = ["open", sealed, at(`opened-${level}`), "--level", `${level}`, ...ADDRESSES, ...keys()];
    const opening = run(...open, ...members("bob", "alice"), ...state("bob"));
    expect(opening).toMatchObject({ code: 0, errors: "" });
    expect(Buffer.compare(readFileSync(at(`opened-${level}`)), readFileSync(at("content")))).toBe(0);
    expect(statSync(at(`opened-${level}`)).mode & 0o777).toBe(0o600);
    expect(run(...open, ...members("bob", "alice"), ...state("bob")).errors).toMatch(/REPLAYED|KEY_USED/);
  });

  it("nothing is left of an envelope that is not whole", () => {
    const cut = at(`cut-${level}`);
    const bytes = readFileSync(sealed);
    writeFileSync(cut, bytes.subarray(0, bytes.length - 1));
    const open = ["open", cut, at(`part-${level}`), "--level", `${level}`, ...ADDRESSES, ...keys()];
    const opening = run(...open, ...members("bob", "alice"), ...state("carol"));
    expect(opening.code).toBe(1);
    expect(opening.errors).toContain("TRUNCATED");
    expect(readdirSync(root).filter((name) => name.startsWith(`part-${level}`))).toEqual([]);
  });

  it("another level and another sender are refused", () => {
    const open = ["open", sealed, at("no"), ...members("bob", "alice"), ...state("dave"), ...keys()];
    const other = ["--level", level === 1 ? "2" : "1", "--keys", keyFile("other", 2)];
    expect(run(...open, ...other, ...ADDRESSES).errors).toContain("LEVEL_MISMATCH");
    const mallory = ["--from", "mallory@example.org", "--to", "bob@example.org"];
    expect(run(...open, "--level", `${level}`, ...mallory).errors).toContain("UNKNOWN_SENDER");
    expect(existsSync(at("no"))).toBe(false);
  });
});

describe("secrets that others may read", () => {
  it("are refused, keys of a member and of a link", () => {
    const secret = at("wide.secret");
    writeFileSync(secret, readFileSync(at("alice.secret")), { mode: 0o640 });
    chmodSync(secret, 0o640);
    const seal = ["seal", at("content"), at("never"), ...ADDRESSES, "--state", at("wide")];
    const members = ["--level", "3", "--own", secret, "--peer", at("bob.public")];
    expect(run(...seal, ...members).errors).toContain("0600 or narrower");
    const keys = keyFile("wide-keys", 2);
    chmodSync(keys, 0o644);
    expect(run(...seal, "--level", "2", "--keys", keys).errors).toContain("only its owner reads");
    expect(existsSync(at("never"))).toBe(false);
  });

  it("are not overwritten by new ones", () => {
    expect(statSync(at("alice.secret")).mode & 0o777).toBe(0o600);
    const again = run("keygen", at("alice"), "--level", "3", "--id", "alice@example.org");
    expect(again.code).toBe(2);
    expect(again.errors).toContain("EEXIST");
  });
});

describe("options that do not fit", () => {
  it.each([
    [["--level", "5"], "Allowed choices are 1, 2, 3, 4."],
    [["--level", "2"], "keys"],
    [["--level", "3"], "own"],
  ])("%j are refused", (options, text) => {
    const { code, errors } = run("seal", at("content"), at("never"), ...ADDRESSES, ...options);
    expect(code).toBe(2);
    expect(errors).toContain(text);
  });
});
