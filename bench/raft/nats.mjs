/** Three servers of NATS with a stream of three replicas, where they are installed; acknowledged before a sync. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { findServer } from "../../scripts/servers/find.mjs";
import { freeAddresses, newFolder } from "./cluster.mjs";

const START_MS = 30_000;

const NATS = findServer("nats-server");

/** Whether it can be measured here. */
export const hasNats = NATS !== undefined;

/** Publishes values, each acknowledged by the stream. */
export async function openNats() {
  const { folder, remove } = newFolder();
  const addresses = await freeAddresses(6);
  const routes = addresses.slice(3).map((address) => `nats://${address}`);
  const children = [0, 1, 2].map((i) =>
    spawn(
      NATS,
      [
        `--name=n${i}`,
        "--addr=127.0.0.1",
        `--port=${addresses[i].split(":")[1]}`,
        "--jetstream",
        `--store_dir=${join(folder, String(i))}`,
        "--cluster_name=bench",
        `--cluster=${routes[i]}`,
        `--routes=${routes.join(",")}`,
      ],
      { stdio: "ignore" },
    ),
  );
  const client = await NatsClient.open(addresses[0]);
  const stream = JSON.stringify({ name: "bench", subjects: ["bench"], num_replicas: 3, storage: "file" });
  for (const end = performance.now() + START_MS; ;) {
    const answer = await client.request("$JS.API.STREAM.CREATE.bench", Buffer.from(stream), 2_000);
    if (answer !== undefined && JSON.parse(answer).error === undefined) break;
    if (performance.now() > end) throw new Error(`NATS makes no stream: ${answer}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return {
    exchange({ value }, done) {
      client.publish("bench", value, (answer) => {
        if (JSON.parse(answer).error !== undefined) throw new Error(String(answer));
        done(0);
      });
    },
    async close() {
      client.close();
      const ended = children.map((child) => once(child, "exit"));
      for (const child of children) child.kill("SIGKILL");
      await Promise.all(ended);
      remove();
    },
  };
}

/** As much of the protocol as answers to requests take. */
class NatsClient {
  #socket;
  #held = Buffer.alloc(0);
  #waiting = new Map();
  #next = 0;

  static async open(address) {
    const [host, port] = address.split(":");
    for (const end = performance.now() + START_MS; ;) {
      const socket = connect({ host, port: Number(port), noDelay: true });
      const isOpen = await once(socket, "connect").then(
        () => true,
        () => false,
      );
      if (isOpen) return new NatsClient(socket);
      if (performance.now() > end) throw new Error("NATS does not listen");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  constructor(socket) {
    this.#socket = socket;
    socket.on("data", (chunk) => this.#received(chunk)).on("error", () => {});
    socket.write('CONNECT {"verbose":false,"pedantic":false,"headers":true,"no_responders":true}\r\nSUB in.* 1\r\n');
  }

  publish(subject, payload, done) {
    const number = String(this.#next++);
    this.#waiting.set(number, done);
    const head = Buffer.from(`PUB ${subject} in.${number} ${payload.length}\r\n`);
    this.#socket.write(Buffer.concat([head, payload, Buffer.from("\r\n")]));
  }

  /** @returns the answer; undefined if none comes in time */
  request(subject, payload, timeoutMs) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.publish(subject, payload, (answer) => {
        clearTimeout(timer);
        // An answer without a body says that nobody takes such requests yet.
        resolve(answer.length === 0 || answer[0] !== 0x7b ? undefined : answer);
      });
    });
  }

  close() {
    this.#socket.destroy();
  }

  #received(chunk) {
    let bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    for (let end = bytes.indexOf("\r\n"); end >= 0; end = bytes.indexOf("\r\n")) {
      const words = bytes.toString("latin1", 0, end).split(" ");
      if (words[0] === "PING") this.#socket.write("PONG\r\n");
      if (words[0] !== "MSG" && words[0] !== "HMSG") {
        bytes = bytes.subarray(end + 2);
        continue;
      }
      const size = Number(words.at(-1));
      if (bytes.length < end + 2 + size + 2) break;
      const skipped = words[0] === "HMSG" ? Number(words.at(-2)) : 0;
      const payload = bytes.subarray(end + 2 + skipped, end + 2 + size);
      const number = words[1].slice("in.".length);
      const done = this.#waiting.get(number);
      this.#waiting.delete(number);
      bytes = bytes.subarray(end + 2 + size + 2);
      done?.(Buffer.from(payload));
    }
    this.#held = Buffer.from(bytes);
  }
}
