/** The argument `--servers`: a list or a file, and which entry of it is wrong. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { readServers } from "../../../src/cli/raida/servers.js";

const root = mkdtempSync(join(tmpdir(), "servers-"));
const file = join(root, "servers.txt");
const SERVERS = Array.from({ length: 25 }, (_, id) => `server-${id}:7000`);
afterAll(() => rmSync(root, { recursive: true }));

it("reads a list, and a file with comments", () => {
  expect(readServers(SERVERS.join(", ")).servers).toEqual(SERVERS);
  writeFileSync(file, `# all\n${SERVERS.join(" # one\r\n")}`);
  expect(readServers(file).servers).toEqual(SERVERS);
});

it("reads what servers run: C servers, unless the entry or the option says otherwise", () => {
  const text = SERVERS.map((server, id) =>
    id === 3 ? `${server} specwire` : id === 5 ? `${server} c-server # old` : server,
  );
  writeFileSync(file, text.join("\n"));
  expect(readServers(file).servers).toEqual(SERVERS);
  expect(readServers(file).kinds).toEqual(SERVERS.map((_, id) => (id === 3 ? "specwire" : "c-server")));
  expect(readServers(file, "specwire").kinds).toEqual(SERVERS.map((_, id) => (id === 5 ? "c-server" : "specwire")));
  expect(() => readServers(`specwire,${SERVERS.join()}`)).toThrow("input.servers[0]");
  expect(() => readServers(`${SERVERS[0]} other,${SERVERS.slice(1).join()}`)).toThrow("input.servers[1]");
});

it("names the entry that is wrong, and its line in a file", () => {
  const wrong = SERVERS.with(17, "server-17");
  const message = 'input.servers[17]: expected "host:port", an IPv6 address in brackets, got "server-17"';
  expect(() => readServers(wrong.join(","))).toThrow(message);
  writeFileSync(file, `# all\n${wrong.join("\n")}\n`);
  expect(() => readServers(file)).toThrow(`${message} (${file}:19)`);
  expect(() => readServers(SERVERS.slice(1).join())).toThrow("expected 25 servers as host:port, got 24");
  expect(() => readServers("none.txt")).toThrow("expected a file, or 25 servers as host:port, got none.txt");
});
