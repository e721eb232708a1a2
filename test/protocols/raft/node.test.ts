/** Members and clients of Raft on real sockets and folders. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { decodeKv, encodeKv, KvState } from "../../../src/protocols/raft/index.js";
import {
  createRaftClient,
  startRaftMember,
  type CreateRaftClientOptions,
  type RaftCalls,
  type RaftClient,
  type RaftFounder,
  type RaftMember,
  type StartRaftMemberOptions,
} from "../../../src/protocols/raft/node.js";
import { freeAddresses } from "../../support/free-addresses.js";

const CLUSTER_ID = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const PATIENT = { timeoutMs: 60_000 };
const TIMEOUT_MS = 120_000;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

const folders: string[] = [];
const members = new Set<RaftMember>();
const clients = new Set<RaftClient>();

afterEach(async () => {
  await Promise.all([...clients].map((one) => one.stop()));
  await Promise.all([...members].map((one) => one.stop()));
  clients.clear();
  members.clear();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
}, TIMEOUT_MS);

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "specwire-raft-"));
  folders.push(folder);
  return folder;
}

async function start(options: Omit<StartRaftMemberOptions, "clusterId" | "stateMachine">): Promise<RaftMember> {
  const shared = { clusterId: CLUSTER_ID, timing: "wan", stateMachine: () => new KvState() } as const;
  const member = await startRaftMember({ ...shared, ...options });
  members.add(member);
  return member;
}

interface Founded {
  readonly founders: readonly RaftFounder[];
  readonly options: readonly (Pick<StartRaftMemberOptions, "memberId" | "listen" | "members"> & { folder: string })[];
  readonly running: readonly RaftMember[];
}

async function found(count: number): Promise<Founded> {
  const founders = (await freeAddresses(count)).map((address, i) => ({ member: i + 1, address }));
  const options = founders.map(({ member: memberId, address: listen }) => ({
    memberId,
    listen,
    members: founders,
    folder: newFolder(),
  }));
  const running = await Promise.all(options.map((one) => start(one)));
  await Promise.all(running.map((member) => member.ready(PATIENT)));
  return { founders, options, running };
}

function client(founders: readonly RaftFounder[], options: Partial<CreateRaftClientOptions> = {}): RaftClient {
  const made = createRaftClient({
    clusterId: CLUSTER_ID,
    members: founders.map(({ address }) => address),
    ...options,
  });
  clients.add(made);
  return made;
}

async function leaderOf(running: Iterable<RaftMember>): Promise<RaftMember> {
  for (;;) {
    for (const member of running) if ((await member.status()).role === "Leader") return member;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function stop(member: RaftMember): Promise<void> {
  members.delete(member);
  await member.stop();
}

const put = (at: RaftCalls, key: string, value: string) =>
  at.propose(encodeKv({ op: "put", key: encoder.encode(key), value: encoder.encode(value) }), PATIENT);

async function get(at: RaftCalls, key: string): Promise<string | undefined> {
  const { result } = await at.read(encodeKv({ op: "get", key: encoder.encode(key) }), PATIENT);
  const { code, value } = decodeKv(result);
  return code === 0 ? decoder.decode(value) : undefined;
}

describe("three members over TCP", () => {
  test(
    "execute commands, go on without their leader, and take it back from its folder",
    async () => {
      const { options, running } = await found(3);
      for (const member of running) await put(member, `from ${member.memberId}`, "1");
      const leader = await leaderOf(running);
      await stop(leader);
      const others = running.filter((member) => member !== leader);
      for (const member of others) {
        await put(member, "since", String(member.memberId));
        expect(await get(member, "since")).toBe(String(member.memberId));
      }
      const again = await start(options[leader.memberId - 1]!);
      await again.ready(PATIENT);
      for (const { memberId } of running) expect(await get(again, `from ${memberId}`)).toBe("1");
    },
    TIMEOUT_MS,
  );

  test(
    "keep everything over a stop of all",
    async () => {
      const { options, running } = await found(3);
      for (let i = 0; i < 20; i++) await put(running[i % 3]!, `key ${i}`, `value ${i}`);
      await Promise.all(running.map(stop));
      const again = await Promise.all(options.map((one) => start(one)));
      for (let i = 0; i < 20; i++) expect(await get(again[i % 3]!, `key ${i}`)).toBe(`value ${i}`);
    },
    TIMEOUT_MS,
  );

  test(
    "take a fourth in, and let a member go",
    async () => {
      const { running } = await found(3);
      await put(running[0]!, "a", "1");
      const [address] = (await freeAddresses(1)) as [string];
      const fourth = await start({ memberId: 4, listen: address, address, joining: true, folder: newFolder() });
      await running[0]!.addLearner({ memberId: 4, address }, PATIENT);
      await fourth.ready(PATIENT);
      // It is promoted when it is known to have caught up.
      await expect
        .poll(
          () =>
            running[0]!.promote(4, PATIENT).then(
              () => true,
              () => false,
            ),
          PATIENT_POLL,
        )
        .toBe(true);
      expect(await get(fourth, "a")).toBe("1");
      const leader = await leaderOf(running);
      const gone = running.find((member) => member !== leader)!;
      await leader.remove(gone.memberId, PATIENT);
      const { config } = await leader.status();
      expect(config!.voters).toEqual([1, 2, 3, 4].filter((id) => id !== gone.memberId));
    },
    TIMEOUT_MS,
  );
});

const PATIENT_POLL = { timeout: 60_000, interval: 100 };

describe("seed 4E, over TCP", () => {
  test(
    "3-node cluster elects a leader within timeout",
    async () => {
      const { running } = await found(3);
      const leader = await leaderOf(running);
      const { term } = await leader.status();
      const agree = async () => Promise.all(running.map(async (member) => (await member.status()).leader));
      await expect.poll(agree, PATIENT_POLL).toEqual([1, 2, 3].map(() => leader.memberId));
      expect(term).toBeGreaterThan(1);
    },
    TIMEOUT_MS,
  );
});

describe("a client", () => {
  test(
    "finds the leader, follows it, and reads what it wrote",
    async () => {
      const { founders, running } = await found(3);
      const asking = client(founders);
      await put(asking, "a", "1");
      expect(await get(asking, "a")).toBe("1");
      const leader = await leaderOf(running);
      expect(await asking.status(leader.address)).toMatchObject({ role: "Leader", member: leader.memberId });
      await stop(leader);
      await put(asking, "a", "2");
      expect(await get(asking, "a")).toBe("2");
    },
    TIMEOUT_MS,
  );

  test(
    "follows the address of the leader where members do not pass calls on",
    async () => {
      const founders = (await freeAddresses(3)).map((address, i) => ({ member: i + 1, address }));
      const running = await Promise.all(
        founders.map(({ member: memberId, address: listen }) =>
          start({ memberId, listen, members: founders, folder: newFolder(), forward: false }),
        ),
      );
      const leader = await leaderOf(running);
      const followers = founders.filter(({ member }) => member !== leader.memberId);
      const asking = client(followers.slice(0, 1));
      await put(asking, "a", "1");
      expect(await get(asking, "a")).toBe("1");
    },
    TIMEOUT_MS,
  );

  test("says that nothing has happened where nobody listens", async () => {
    const founders = (await freeAddresses(2)).map((address, i) => ({ member: i + 1, address }));
    const asking = client(founders);
    const command = encodeKv({ op: "delete", key: encoder.encode("a") });
    await expect(asking.propose(command, { timeoutMs: 300 })).rejects.toMatchObject({ code: "timeout" });
  });

  test("says that it does not know where a member takes a command and is silent", async () => {
    const server = createServer((socket) => void socket.resume().on("error", () => {}));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = `127.0.0.1:${(server.address() as { port: number }).port}`;
    const asking = client([{ member: 1, address }], { session: "none" });
    const command = encodeKv({ op: "delete", key: encoder.encode("a") });
    await expect(asking.propose(command, { timeoutMs: 2_000 })).rejects.toMatchObject({ code: "uncertain" });
    const abort = new AbortController();
    const cancelled = asking.propose(command, { signal: abort.signal });
    abort.abort();
    await expect(cancelled).rejects.toMatchObject({ code: "cancelled" });
    await asking.stop();
    clients.clear();
    server.close();
  });
});

describe("a folder", () => {
  test(
    "has one member at a time, and only its own",
    async () => {
      const { options, running } = await found(1);
      await expect(start(options[0]!)).rejects.toMatchObject({ code: "storage" });
      await stop(running[0]!);
      const other = { ...options[0]!, memberId: 2, members: [{ member: 2, address: options[0]!.listen }] };
      await expect(start(other)).rejects.toMatchObject({ code: "storage", path: "id" });
    },
    TIMEOUT_MS,
  );

  test("is asked for, or a disk, and founders or joining", async () => {
    const none = { memberId: 1, listen: "127.0.0.1:0" };
    await expect(start(none)).rejects.toMatchObject({ code: "argument", path: "folder" });
    await expect(start({ ...none, folder: newFolder() })).rejects.toMatchObject({ code: "argument", path: "members" });
  });
});
