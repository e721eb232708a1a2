/**
 * Starts etcd and NATS for tests and measurements: on a loopback address of their own, on ports of the system's choice,
 * in a folder of their own, and ended by their process.
 */
import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findServer } from "./find.mjs";

/** Between looks at a server that starts. */
const LOOK_MS = 50;
/** A server that is not up by then never will be. */
const START_MS_MAX = 60_000;
/**
 * Runs a server until a line comes on standard input, or its end: then kills it with SIGKILL. A server does not outlive
 * the process that started it, however that ends, nor does its folder. Where it ends by itself, nobody waits to kill a
 * number that may be another's by then.
 */
const KEEPER =
  'exec 3<&0; folder=$1; shift; "$@" & server=$!; ' +
  '(read -r line <&3; ordered=$?; kill -9 $server; [ $ordered = 0 ] || rm -rf "$folder") & guard=$!; ' +
  "wait $server; status=$?; [ $status = 137 ] || kill $guard 2>/dev/null; wait $guard; exit $status";
/** Where addresses of one's own are not to be had, a port may be taken between its choice and its use. */
const TRIES = 3;
/** Of each member: for clients, for other members, and for who asks whether it is up. */
const PORTS = 3;

/**
 * A running cluster.
 *
 * @typedef {object} Cluster
 * @property {string[]} addresses "host:port" of each member, for clients
 * @property {(member: number) => Promise<void>} kill with SIGKILL
 * @property {(member: number) => Promise<void>} restart on its port and in its folder
 * @property {() => Promise<void>} close kills all members and removes their folder
 * @property {() => void} leave lets this process end before them; its end kills them and removes their folder
 */

/**
 * A cluster of etcd.
 * @param {(host: string) => Promise<Record<string, string>>} more further options, as those of TLS
 * @returns {Promise<Cluster>}
 */
export async function startEtcd(members = 1, more = async () => ({})) {
  return startCluster("etcd", members, async (folder, host, ports) => {
    const further = await more(host);
    const scheme = "cert-file" in further ? "https" : "http";
    const peerOf = (i) => `http://${host}:${ports[members + i]}`;
    const cluster = ports.slice(0, members).map((_port, i) => `m${i}=${peerOf(i)}`);
    return (i) => {
      const client = `${scheme}://${host}:${ports[i]}`;
      const args = {
        name: `m${i}`,
        "data-dir": join(folder, `m${i}`),
        "listen-client-urls": client,
        "advertise-client-urls": client,
        "listen-peer-urls": peerOf(i),
        "initial-advertise-peer-urls": peerOf(i),
        "initial-cluster": cluster.join(","),
        "initial-cluster-token": folder,
        // Measurements write more than the 2 GiB of the default.
        "quota-backend-bytes": 8 * 2 ** 30,
        logger: "zap",
        "log-level": "error",
        "listen-metrics-urls": `http://${host}:${ports[2 * members + i]}`,
        ...further,
      };
      return Object.entries(args).map(([name, value]) => `--${name}=${value}`);
    };
  });
}

/**
 * A cluster of NATS with JetStream.
 * @param {(host: string, folder: string) => Promise<string[]>} more further lines of the configuration
 * @returns {Promise<Cluster>}
 */
export async function startNats(members = 1, more = async () => []) {
  return startCluster("nats-server", members, async (folder, host, ports) => {
    const further = await more(host, folder);
    const routes = ports.slice(members, 2 * members).map((port) => `nats://${host}:${port}`);
    return (i) => {
      const config = join(folder, `m${i}.conf`);
      const lines = [
        `server_name: m${i}`,
        `listen: "${host}:${ports[i]}"`,
        `jetstream { store_dir: ${JSON.stringify(join(folder, `m${i}`))}, max_file_store: 8GB }`,
        ...further,
      ];
      if (members > 1) {
        const listen = `${host}:${ports[members + i]}`;
        lines.push(`cluster { name: c, listen: "${listen}", routes: ${JSON.stringify(routes)} }`);
      }
      writeFileSync(config, lines.join("\n"));
      return ["-c", config];
    };
  });
}

async function startCluster(program, members, plan) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryCluster(program, members, plan);
    } catch (error) {
      if (attempt === TRIES) throw error;
    }
  }
}

async function tryCluster(program, members, plan) {
  const path = findServer(program);
  if (path === undefined) throw new Error(`${program} is not installed`);
  const folder = mkdtempSync(join(tmpdir(), "specwire servers "));
  const { host, ports } = await freePorts(PORTS * members);
  const argsOf = await plan(folder, host, ports);
  const running = new Map();
  const killAll = () => {
    running.forEach(({ child }) => child.stdin.destroy());
    rmSync(folder, { recursive: true, force: true });
  };
  process.on("exit", killAll);
  const start = (i) => {
    const child = spawn("sh", ["-c", KEEPER, "keeper", folder, path, ...argsOf(i)], {
      stdio: ["pipe", "ignore", "pipe"],
    });
    const state = { child, ended: once(child, "exit"), said: "" };
    // It may have ended before it is told to.
    child.stdin.on("error", () => {});
    child.stderr.on("data", (chunk) => (state.said = (state.said + chunk).slice(-4000)));
    running.set(i, state);
  };
  const kill = async (i) => {
    const { child, ended } = running.get(i);
    child.stdin.end("kill\n");
    await ended;
    running.delete(i);
  };
  const close = async () => {
    process.off("exit", killAll);
    for (const i of Array.from(running.keys())) await kill(i);
    rmSync(folder, { recursive: true, force: true });
  };
  const untilUp = async (i) => {
    const look = program === "etcd" ? () => isEtcdUp(host, ports[2 * members + i]) : () => isNatsUp(host, ports[i]);
    for (const end = performance.now() + START_MS_MAX; !(await look()); await sleep(LOOK_MS)) {
      const { child, said } = running.get(i);
      if (child.exitCode !== null || performance.now() > end) throw new Error(`${program} does not start: ${said}`);
    }
  };
  const up = Array.from({ length: members }, (_, i) => i);
  try {
    up.forEach(start);
    // A cluster is up when each member knows the leader.
    await Promise.all(up.map(untilUp));
  } catch (error) {
    await close();
    throw error;
  }
  const restart = async (i) => {
    start(i);
    await untilUp(i);
  };
  const leave = () => {
    for (const { child } of running.values()) [child, child.stdin, child.stderr].forEach((handle) => handle.unref());
  };
  return { addresses: ports.slice(0, members).map((port) => `${host}:${port}`), kill, restart, close, leave };
}

/** Whether a member knows the leader. */
async function isEtcdUp(host, port) {
  const reply = await fetch(`http://${host}:${port}/health`).catch(() => undefined);
  return (await reply?.text().catch(() => ""))?.includes("true") ?? false;
}

/** Whether a server speaks: it does so first. */
function isNatsUp(host, port) {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.on("error", () => resolve(false));
    socket.on("close", () => resolve(false));
    socket.once("data", (data) => {
      resolve(data.toString().startsWith("INFO"));
      socket.destroy();
    });
  });
}

/**
 * A loopback address and ports of it that nobody has; all are held at once, so that they differ. Others ask for ports
 * of 127.0.0.1, and connect from there: at an address of its own a server finds its port free, also when it is started
 * again. Where the system has but one such address, it is that.
 */
async function freePorts(count) {
  const own = `127.${randomInt(1, 255)}.${randomInt(1, 255)}.${randomInt(2, 255)}`;
  try {
    return { host: own, ports: await freePortsOf(own, count) };
  } catch {
    return { host: "127.0.0.1", ports: await freePortsOf("127.0.0.1", count) };
  }
}

async function freePortsOf(host, count) {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, host);
      await once(server, "listening");
      return server;
    }),
  );
  const ports = servers.map((server) => server.address().port);
  for (const server of servers) {
    server.close();
    await once(server, "close");
  }
  return ports;
}

function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
