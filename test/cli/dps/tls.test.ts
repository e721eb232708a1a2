/** A cluster whose links are encrypted: members and clients prove who they are, and nobody else is answered. */
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { newAuthority } from "../../../src/cli/certificates.js";
import { Program, runProgram } from "../../support/program.js";
import { makeCluster, type TestCluster } from "./cluster.js";

let test: TestCluster;
const at = (name: string): string => join(test.folder, name);

beforeAll(async () => {
  test = await makeCluster();
  const [authority, other] = [await newAuthority("the cluster"), await newAuthority("another")];
  const issued = await authority.issue({ commonName: "member", ip: ["127.0.0.1"] });
  const foreign = await other.issue({ commonName: "member", ip: ["127.0.0.1"] });
  const files = { "ca.pem": authority.certificate, "foreign-ca.pem": other.certificate };
  for (const [name, pem] of Object.entries(files)) writeFileSync(at(name), pem);
  for (const [name, { certificate, key }] of Object.entries({ member: issued, foreign })) {
    writeFileSync(at(`${name}.pem`), certificate);
    writeFileSync(at(`${name}.key`), key);
  }
  for (const { config } of test.cluster.servers) {
    const plain = readFileSync(config, "utf8");
    const withTls = (name: string): string =>
      plain.replace(
        "[server]",
        `[server]\ntls_ca = "../ca.pem"\ntls_cert = "../${name}.pem"\ntls_key = "../${name}.key"`,
      );
    writeFileSync(config, withTls("member"));
    writeFileSync(config.replace(/\.toml$/, "-plain.toml"), plain);
    writeFileSync(config.replace(/\.toml$/, "-foreign.toml"), withTls("foreign"));
  }
  await test.cluster.startAll();
}, 240_000);

afterAll(() => test.close());

it("keeps files for who has a certificate of its authority, and for nobody else", async () => {
  const [{ config, log }] = test.cluster.servers as [TestCluster["cluster"]["servers"][number]];
  const file = at("file");
  writeFileSync(file, randomBytes(100_000));
  const dps = (command: string, of: string, ...args: string[]): ReturnType<typeof runProgram> =>
    runProgram(test.program, ["dps", command, ...args, "--config", config.replace(".toml", of), "--timeout", "5000"]);
  expect(dps("put", ".toml", file)).toMatchObject({ code: 0, errors: "" });
  expect(dps("get", ".toml", "file", at("copy"))).toMatchObject({ code: 0, errors: "" });
  expect(readFileSync(at("copy")).equals(readFileSync(file))).toBe(true);
  const refused = ["-plain.toml", "-foreign.toml"].map(
    (of) => new Program(test.program, ["dps", "ls", "--config", config.replace(".toml", of), "--timeout", "5000"]),
  );
  for (const program of refused) {
    expect(await program.ended()).toBe(2);
    expect(program.errors).toMatch(/^specwire: /);
  }
  // The key is nowhere in the log.
  const [, secret = ""] = readFileSync(at("member.key"), "utf8").split("\n");
  expect(secret.length).toBeGreaterThan(40);
  expect(readFileSync(log, "utf8")).not.toContain(secret);
});
