/** Public functions, called with what no caller with types can pass: each is refused with a typed error. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { isWireError } from "../../../src/errors.js";
import { systemEnv } from "../../../src/host/index.js";
import * as pure from "../../../src/protocols/dps/index.js";
import * as onNode from "../../../src/protocols/dps/node.js";
import { operationsOver } from "../../../src/protocols/dps/files/operations.js";
import { pathOperations } from "../../../src/protocols/dps/files/paths/node.js";
import { memorySpool } from "../../../src/protocols/store/source.js";
import { issueOf } from "../../support/issue-of.js";
import { LEAST_RULES } from "./least-rules.js";

// eslint-disable-next-line typescript/no-explicit-any -- callers without types have any.
type Any = any;
const { putFile, getFile, commandsOf, FileState, DpsMachine, DpsClientMachine } = pure as Any;
const { dhtChunks, fileLedger, createDpsClient, startDpsServer, rebuild } = onNode as Any;

const folder = mkdtempSync(join(tmpdir(), "odd-"));
afterAll(() => rmSync(folder, { recursive: true }));
const missing = join(folder, "missing");

const LIST: unknown[] = [];
const OBJECT = {};
const BYTES = new Uint8Array(3);
const ODD: readonly unknown[] = [undefined, null, 5, NaN, "", "x", LIST, OBJECT, () => 1, BYTES];
const HASH = new Uint8Array(32);
const CLUSTER_ID = new Uint8Array(8);
const none = (): never => {
  throw new Error("nobody is asked");
};
const PORT = { dht: none, query: none, command: none, voters: none };
const SOURCE = { sizeBytes: 0, read: none };
const ADDRESS = "127.0.0.1:9";
const FOUNDERS = [{ member: 1, address: ADDRESS }];
const MACHINE = {
  raft: { clusterId: CLUSTER_ID, member: 1, founders: FOUNDERS, address: ADDRESS },
  dht: {},
  chain: {},
};
const files = operationsOver(PORT, { rules: LEAST_RULES, spool: memorySpool, ended: () => {}, nowMs: () => 0 }) as Any;
const paths = pathOperations(files) as Any;
const server = (more: object) => startDpsServer({ clusterId: CLUSTER_ID, memberId: 1, members: FOUNDERS, ...more });
const anew = (more: object) => rebuild({ from: missing, folder: missing, memberId: 1, address: ADDRESS, ...more });

/** Calls, each with the odd values that it may take: those that stand for a default, and those that fit by chance. */
const CALLS: Readonly<Record<string, readonly [call: (odd: unknown) => unknown, takes?: readonly unknown[]]>> = {
  "putFile(port)": [(odd) => putFile(odd, SOURCE, { name: "f" }, LEAST_RULES)],
  "putFile(source)": [(odd) => putFile(PORT, odd, { name: "f" }, LEAST_RULES)],
  "putFile(options)": [(odd) => putFile(PORT, SOURCE, odd, LEAST_RULES)],
  "putFile(rules)": [(odd) => putFile(PORT, SOURCE, { name: "f" }, odd)],
  "putFile(ttlSeconds)": [(odd) => putFile(PORT, SOURCE, { name: "f", ttlSeconds: odd ?? "" }, LEAST_RULES), [5]],
  "putFile(timeoutMs)": [(odd) => putFile(PORT, SOURCE, { name: "f", timeoutMs: odd ?? "" }, LEAST_RULES), [5]],
  "putFile(signal)": [(odd) => putFile(PORT, SOURCE, { name: "f", signal: odd ?? 1 }, LEAST_RULES)],
  "getFile(hash)": [(odd) => getFile(PORT, odd)],
  "getFile(options)": [(odd) => getFile(PORT, HASH, odd), [undefined, OBJECT]],
  "commandsOf(change)": [(odd) => commandsOf(odd, 1_000)],
  "commandsOf(change.op)": [(odd) => commandsOf({ op: odd, hash: HASH }, 1_000)],
  "commandsOf(change.record)": [(odd) => commandsOf({ op: "put", record: odd, ttlSeconds: 0 }, 1_000)],
  "commandsOf(entryBytesMax)": [(odd) => commandsOf({ op: "delete", hash: HASH }, odd), [5]],
  "commandsOf(options)": [(odd) => commandsOf({ op: "delete", hash: HASH }, 1_000, odd), [undefined, OBJECT]],
  "commandsOf(revision)": [(odd) => commandsOf({ op: "delete", hash: HASH }, 1, { revision: odd }), [undefined, 5]],
  "FileState(limits)": [(odd) => new FileState(odd), [undefined, OBJECT]],
  "FileState(filesMax)": [(odd) => new FileState({ filesMax: odd ?? "" }), [5]],
  "DpsMachine(options)": [(odd) => new DpsMachine(odd, systemEnv)],
  "DpsMachine(raft)": [(odd) => new DpsMachine({ ...MACHINE, raft: odd }, systemEnv)],
  "DpsMachine(dht)": [(odd) => new DpsMachine({ ...MACHINE, dht: odd }, systemEnv), [OBJECT]],
  "DpsMachine(chain)": [(odd) => new DpsMachine({ ...MACHINE, chain: odd }, systemEnv), [OBJECT]],
  "DpsClientMachine(options)": [(odd) => new DpsClientMachine(odd, systemEnv)],
  "DpsClientMachine(raft)": [(odd) => new DpsClientMachine({ raft: odd, dht: {} }, systemEnv)],
  "dhtChunks(port)": [(odd) => dhtChunks(odd)],
  "dhtChunks(options)": [(odd) => dhtChunks(PORT, odd), [undefined, OBJECT]],
  "fileLedger(store)": [(odd) => fileLedger(odd)],
  "createDpsClient()": [(odd) => createDpsClient(odd)],
  "createDpsClient(clusterId)": [(odd) => createDpsClient({ clusterId: odd, servers: [ADDRESS] })],
  "createDpsClient(servers)": [(odd) => createDpsClient({ clusterId: CLUSTER_ID, servers: odd })],
  "startDpsServer()": [(odd) => startDpsServer(odd)],
  "startDpsServer(clusterId)": [(odd) => server({ clusterId: odd })],
  "startDpsServer(memberId)": [(odd) => server({ memberId: odd ?? 0 }), [5]],
  "startDpsServer(members)": [(odd) => server({ members: odd })],
  "startDpsServer(listen)": [(odd) => server({ listen: odd ?? 0 })],
  "startDpsServer(raftListen)": [(odd) => server({ raftListen: odd ?? 0 })],
  "startDpsServer(folder)": [(odd) => server({ folder: odd === "x" ? "" : (odd ?? 0) })],
  "startDpsServer(bootstrap)": [(odd) => server({ bootstrap: odd ?? 0 }), [LIST]],
  "startDpsServer(key)": [(odd) => server({ key: odd ?? 0 })],
  "startDpsServer(hash)": [(odd) => server({ hash: odd ?? 0 })],
  "startDpsServer(reads)": [(odd) => server({ reads: odd ?? 0 })],
  "startDpsServer(electionMs)": [(odd) => server({ electionMs: odd ?? 0 })],
  "startDpsServer(raft)": [(odd) => server({ raft: odd ?? 0 }), [OBJECT]],
  "startDpsServer(limits)": [(odd) => server({ limits: odd ?? 0 }), [OBJECT]],
  "rebuild()": [(odd) => rebuild(odd)],
  "rebuild(from)": [(odd) => anew({ from: odd === "x" ? "" : odd })],
  "rebuild(folder)": [(odd) => anew({ folder: odd === "x" ? "" : odd })],
  "rebuild(key)": [(odd) => anew({ key: odd ?? 0 })],
  "put(source)": [(odd) => files.put(odd, { name: "f" }), [LIST, BYTES]],
  "put(options)": [(odd) => files.put(new Uint8Array(1), odd)],
  "get(hash)": [(odd) => files.get(odd)],
  "get(options)": [(odd) => files.get(HASH, odd), [undefined, OBJECT]],
  "info(hash)": [(odd) => files.info(odd)],
  "info(options)": [(odd) => files.info(HASH, odd), [undefined, OBJECT]],
  "list(options)": [(odd) => files.list(odd), [undefined, OBJECT]],
  "remove(hash)": [(odd) => files.remove(odd)],
  "remove(options)": [(odd) => files.remove(HASH, odd), [undefined, OBJECT]],
  "touch(hash)": [(odd) => files.touch(odd, 1)],
  "touch(ttlSeconds)": [(odd) => files.touch(HASH, odd), [5]],
  "touch(options)": [(odd) => files.touch(HASH, 1, odd), [undefined, OBJECT]],
  "putPath(path)": [(odd) => paths.putPath(odd === "x" || odd === "" ? missing : odd)],
  "getToPath(hash)": [(odd) => paths.getToPath(odd, missing)],
};

describe("a value that no type allows", () => {
  it.each(Object.keys(CALLS))("is refused by %s with a typed error", async (name) => {
    const [call, takes = []] = CALLS[name]!;
    for (const odd of ODD.filter((one) => !takes.includes(one))) {
      const failure: unknown = await Promise.resolve()
        .then(() => call(odd))
        .then(
          async (made: Any) => {
            await made?.stop?.();
            return "nothing";
          },
          (error: unknown) => error,
        );
      const shown = `${typeof odd} ${String(odd)}: ${String(failure)}`;
      expect(isWireError(failure), shown).toBe(true);
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is no key of a backup, which no error shows", () => {
    const key = new Uint8Array(15).fill(65);
    const issue = issueOf(() => new DpsMachine({ ...MACHINE, key }, systemEnv));
    expect(issue).toMatchObject({ code: "argument", path: "key", actual: "15 bytes" });
  });
});
