/** Three servers of etcd, where they and the gRPC client are installed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { findServer } from "../../scripts/servers/find.mjs";
import { grpc } from "../rivals/optional.mjs";
import { freeAddresses, newFolder } from "./cluster.mjs";
import { keyOf } from "./state.mjs";

const START_MS = 30_000;

const ETCD = findServer("etcd");

/** Whether it can be measured here. */
export const hasEtcd = grpc !== undefined && ETCD !== undefined;

/** A field of bytes in a protobuf message; of fields 1 to 15. */
function field(number, bytes) {
  const length = [];
  for (let rest = bytes.length; ; rest >>>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) break;
  }
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), bytes]);
}

/** The fields of a protobuf message that are bytes, by number. */
function fieldsOf(message) {
  const fields = new Map();
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const length = varint();
    if ((tag & 7) !== 2) continue;
    fields.set(tag >> 3, message.subarray(at, at + length));
    at += length;
  }
  return fields;
}

const method = (path) => ({
  path,
  requestStream: false,
  responseStream: false,
  requestSerialize: (bytes) => bytes,
  requestDeserialize: (bytes) => bytes,
  responseSerialize: (bytes) => bytes,
  responseDeserialize: (bytes) => bytes,
});
const METHODS = { put: method("/etcdserverpb.KV/Put"), range: method("/etcdserverpb.KV/Range") };

/** Puts values. */
export async function openEtcd() {
  const { client, close } = await start();
  return {
    exchange({ input, value }, done) {
      const request = Buffer.concat([field(1, keyOf(input)), field(2, value)]);
      client.put(request, (error) => (error ? fail(error) : done(0)));
    },
    close,
  };
}

/** Reads values, linearizable as etcd does by default. */
export async function openEtcdReads(inputs) {
  const { client, close } = await start();
  const call = (name, request) =>
    new Promise((resolve, reject) => client[name](request, (error, reply) => (error ? reject(error) : resolve(reply))));
  for (const { input, value } of inputs) {
    await call("put", Buffer.concat([field(1, keyOf(input)), field(2, value)]));
  }
  return {
    exchange({ input }, done) {
      client.range(field(1, keyOf(input)), (error, reply) => {
        if (error) return fail(error);
        // RangeResponse.kvs, KeyValue.value
        done(fieldsOf(fieldsOf(reply).get(2)).get(5));
      });
    },
    close,
  };
}

async function start() {
  const { folder, remove } = newFolder();
  const addresses = await freeAddresses(6);
  const urlOf = (i) => `http://${addresses[i]}`;
  const names = ["a", "b", "c"];
  const children = names.map((name, i) =>
    spawn(
      ETCD,
      [
        `--name=${name}`,
        `--data-dir=${join(folder, name)}`,
        "--logger=zap",
        `--listen-peer-urls=${urlOf(i)}`,
        `--initial-advertise-peer-urls=${urlOf(i)}`,
        `--listen-client-urls=${urlOf(3 + i)}`,
        `--advertise-client-urls=${urlOf(3 + i)}`,
        `--initial-cluster=${names.map((each, j) => `${each}=${urlOf(j)}`).join(",")}`,
      ],
      { stdio: "ignore" },
    ),
  );
  const leader = await leaderOf([3, 4, 5].map(urlOf));
  const Client = grpc.makeGenericClientConstructor(METHODS, "KV");
  const client = new Client(leader.replace("http://", ""), grpc.credentials.createInsecure());
  return {
    client,
    async close() {
      client.close();
      const ended = children.map((child) => once(child, "exit"));
      for (const child of children) child.kill("SIGKILL");
      await Promise.all(ended);
      remove();
    },
  };
}

/** The client URL of the server that leads: asking another would cost a hop. */
async function leaderOf(urls) {
  for (const end = performance.now() + START_MS; performance.now() < end;) {
    for (const url of urls) {
      const answer = await fetch(`${url}/v3/maintenance/status`, { method: "POST", body: "{}" }).catch(() => undefined);
      const status = answer?.ok ? await answer.json() : undefined;
      if (status?.leader !== undefined && status.leader === status.header.member_id) return url;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("etcd has no leader");
}

function fail(error) {
  throw error;
}
