/** Three members agree on a log; one is stopped, and nothing that was acknowledged is lost. */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeKv, encodeKv, KvState } from "specwire/raft";
import { createRaftClient, startRaftMember } from "specwire/raft/node";

const text = (string) => new TextEncoder().encode(string);
const folder = await mkdtemp(join(tmpdir(), "raft-"));
const clusterId = crypto.getRandomValues(new Uint8Array(8));

// Members are known by addresses that stay; here, three ports that are free.
const members = await Promise.all([1, 2, 3].map(async (member) => ({ member, address: await freeAddress() })));
const running = await Promise.all(
  members.map(({ member, address }) =>
    startRaftMember({
      clusterId,
      memberId: member,
      listen: address,
      members,
      folder: join(folder, `${member}`),
      stateMachine: () => new KvState(),
    }),
  ),
);
await Promise.all(running.map((member) => member.ready()));

const client = createRaftClient({ clusterId, members: members.map(({ address }) => address) });
await client.propose(encodeKv({ op: "put", key: text("color"), value: text("blue") }), { timeoutMs: 30_000 });
console.log("acknowledged: a majority has it on disk");

await running[0].stop();
const { result } = await client.read(encodeKv({ op: "get", key: text("color") }), { timeoutMs: 30_000 });
console.log("read with one member down:", new TextDecoder().decode(decodeKv(result).value));

await client.stop();
await Promise.all(running.slice(1).map((member) => member.stop()));
await rm(folder, { recursive: true });

async function freeAddress() {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
}
