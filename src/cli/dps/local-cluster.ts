/** A cluster on this machine: a process for each server, which can be killed and started again. */
import { spawn, type ChildProcess } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import type { RaftFounder } from "../../protocols/raft/node.js";
import { WireError } from "../../errors.js";
import { writeConfigs } from "./init.js";

/** What a cluster is made of. */
export interface LocalClusterOptions {
  /** The program `specwire`, as a file that Node.js runs. */
  readonly program: string;
  /** Holds the configurations, the logs and the folders of the servers. */
  readonly folder: string;
  readonly servers: number;
  readonly backupEverySeconds?: number;
}

/** One server: its place, and its process while it runs. */
export interface LocalServer {
  readonly member: number;
  readonly address: string;
  readonly config: string;
  /** What it keeps. */
  readonly data: string;
  readonly log: string;
  /** The process; undefined while none runs. */
  child: ChildProcess | undefined;
}

/** Times for slow machines and busy disks: a leader that is lost is replaced in 1 to 2 s. */
const TIMING = "wan";
const READY = /^ready server=[0-9a-f]{40} /;

/** Servers in processes of their own. */
export class LocalCluster {
  readonly clusterId: Uint8Array;
  readonly servers: readonly LocalServer[];
  readonly #program: string;

  private constructor(clusterId: Uint8Array, servers: readonly LocalServer[], program: string) {
    this.clusterId = clusterId;
    this.servers = servers;
    this.#program = program;
  }

  /** Writes the configurations of a new cluster, whose servers do not run yet. */
  static async make({ program, folder, servers, ...more }: LocalClusterOptions): Promise<LocalCluster> {
    const members: RaftFounder[] = [];
    for (let member = 1; member <= servers; member++) members.push({ member, address: await freeAddress(members) });
    const { clusterId, files } = writeConfigs(members, folder, TIMING, { logs: true, ...more });
    const all = members.map(({ member, address }, i) => {
      const config = files[i]!;
      const name = config.replace(/\.toml$/, "");
      return {
        member,
        address,
        config,
        data: name.replace(/dps(\d*)$/, "node$1"),
        log: `${name}.log`,
        child: undefined,
      };
    });
    return new LocalCluster(clusterId, all, program);
  }

  /** Addresses of all servers, those of a member first. */
  addressesFrom(member: number): string[] {
    const first = this.servers.filter((server) => server.member === member);
    return [...first, ...this.servers.filter((server) => server.member !== member)].map(({ address }) => address);
  }

  /**
   * Starts a server, and settles when it is ready. @throws WireError `fault` if it ends before
   * @param before a command that runs it, such as one that limits what it may use
   */
  async start(member: number, before: readonly string[] = []): Promise<void> {
    const server = this.#serverOf(member);
    const words = [...before, process.execPath, this.#program, "dps", "serve", "--config", server.config];
    const child = spawn(words[0]!, words.slice(1), { stdio: ["ignore", "pipe", "pipe"] });
    server.child = child;
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    const lines = createInterface({ input: child.stdout });
    const isReady = await new Promise<boolean>((resolve) => {
      lines.on("line", (line) => READY.test(line) && resolve(true));
      child.once("exit", () => resolve(false));
    });
    if (isReady) return;
    server.child = undefined;
    throw new WireError({ code: "fault", format: "dps", path: `member ${member}`, actual: errors.trim() || "ended" });
  }

  /** Starts all servers that do not run. */
  async startAll(): Promise<void> {
    await Promise.all(this.servers.filter(({ child }) => child === undefined).map(({ member }) => this.start(member)));
  }

  /** Ends a server by a signal. @returns its exit code, or the signal that ended it */
  async end(member: number, signal: NodeJS.Signals): Promise<number | string | undefined> {
    const server = this.#serverOf(member);
    const { child } = server;
    if (child === undefined) return undefined;
    server.child = undefined;
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode ?? child.signalCode!;
    const ended = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
    child.kill(signal);
    const [code, by] = await ended;
    return code ?? by!;
  }

  /** Ends all servers that run. */
  async endAll(signal: NodeJS.Signals): Promise<void> {
    await Promise.all(this.servers.map(({ member }) => this.end(member, signal)));
  }

  #serverOf(member: number): LocalServer {
    return this.servers.find((server) => server.member === member)!;
  }
}

/** An address that nobody listens at, neither by TCP nor by UDP, and that none of the others has. */
async function freeAddress(others: readonly RaftFounder[]): Promise<string> {
  for (;;) {
    const streams = createServer().listen(0, "127.0.0.1");
    await once(streams, "listening");
    const { port } = streams.address() as { readonly port: number };
    const address = `127.0.0.1:${port}`;
    const isFree = await new Promise<boolean>((resolve) => {
      const datagrams = createSocket("udp4").once("error", () => resolve(false));
      datagrams.bind(port, "127.0.0.1", () => datagrams.close(() => resolve(true)));
    });
    streams.close();
    await once(streams, "close");
    if (isFree && others.every((other) => other.address !== address)) return address;
  }
}
