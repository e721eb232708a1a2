/** Three members in processes of their own, over TCP or TLS. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newAuthority } from "../../../src/cli/certificates.js";
import { clusterText } from "../../../src/cli/raft/config.js";
import { createRaftClient, type RaftClient } from "../../../src/protocols/raft/node.js";
import { tcp, tls, type Transport } from "../../../src/transport/index.js";
import { freeAddresses } from "../../support/free-addresses.js";
import { bundleProgram, Program, runProgram } from "../../support/program.js";
import { CALL_MS } from "./load.js";

const SIZE = 3;
const CLUSTER_ID = Uint8Array.of(8, 7, 6, 5, 4, 3, 2, 1);

/** A cluster whose members run as the program does. */
export class ProcessCluster {
  readonly members = new Map<number, Program>();
  readonly folder: string;
  readonly addresses: readonly string[];
  /** PEM of who has issued all certificates, over TLS. */
  authority: string | undefined;
  readonly #program: string;
  readonly #transport: Transport;
  /** Options of members: their own credentials; of 0, those of clients. */
  readonly #credentials: (member: number) => readonly string[];
  readonly #clients = new Set<RaftClient>();

  private constructor(
    folder: string,
    program: string,
    addresses: readonly string[],
    transport: Transport,
    credentials: (member: number) => readonly string[],
  ) {
    this.folder = folder;
    this.#program = program;
    this.addresses = addresses;
    this.#transport = transport;
    this.#credentials = credentials;
  }

  /** Founds a cluster, none of whose members runs yet. Over TLS, everybody proves who they are. */
  static async found(over: "TCP" | "TLS"): Promise<ProcessCluster> {
    const folder = mkdtempSync(join(tmpdir(), "specwire-raft-processes-"));
    const addresses = await freeAddresses(SIZE);
    const members = addresses.map((address, i) => ({ member: i + 1, address }));
    writeFileSync(join(folder, "raft.toml"), clusterText({ clusterId: CLUSTER_ID, timing: "wan", members }));
    const program = await bundleProgram();
    if (over === "TCP") return new ProcessCluster(folder, program, addresses, tcp(), () => []);
    const authority = await newAuthority("cluster");
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text, { mode: 0o600 });
      return join(folder, name);
    };
    const ca = file("ca.pem", authority.certificate);
    const files = new Map<number, readonly string[]>();
    for (const { member } of members) {
      const { certificate, key } = await authority.issue({ commonName: `member ${member}`, ip: ["127.0.0.1"] });
      const own = ["--cert", file(`${member}.pem`, certificate), "--key", file(`${member}-key.pem`, key)];
      files.set(member, ["--ca", ca, ...own, "--mutual"]);
    }
    const { certificate, key } = await authority.issue({ commonName: "client", usage: "client" });
    files.set(0, ["--ca", ca, "--cert", file("client.pem", certificate), "--key", file("client-key.pem", key)]);
    const transport = tls({ authorities: authority.certificate, certificate, key });
    const cluster = new ProcessCluster(folder, program, addresses, transport, (member) => files.get(member)!);
    cluster.authority = authority.certificate;
    return cluster;
  }

  /** Starts all members. */
  async startAll(serverOptions: readonly string[] = []): Promise<void> {
    await Promise.all(this.addresses.map((_, i) => this.start(i + 1, serverOptions)));
  }

  /** Starts a member. @param serverOptions of Node.js */
  async start(member: number, serverOptions: readonly string[] = []): Promise<void> {
    const config = join(this.folder, "raft.toml");
    const args = ["raft", "serve", String(member), "--config", config, "--data", this.dataOf(member), "--json"];
    const started = new Program(this.#program, [...args, ...this.#credentials(member)], serverOptions);
    this.members.set(member, started);
    await started.line("ready", "type");
  }

  /** Runs a command that asks the cluster: what it prints. */
  ask(...args: readonly string[]): string {
    const all = ["raft", ...args, "--config", join(this.folder, "raft.toml"), ...this.#credentials(0)];
    const { output, errors } = runProgram(this.#program, all);
    return output + errors;
  }

  dataOf(member: number): string {
    return join(this.folder, `data${member}`);
  }

  connect(transport: Transport = this.#transport): RaftClient {
    const client = createRaftClient({
      clusterId: CLUSTER_ID,
      members: this.addresses,
      transport,
    });
    this.#clients.add(client);
    return client;
  }

  /** The member that leads, by its own word. */
  async leader(client: RaftClient): Promise<number> {
    for (;;) {
      for (const [i, address] of this.addresses.entries()) {
        const status = await client.status(address, { timeoutMs: CALL_MS }).catch(() => undefined);
        if (status?.role === "Leader") return i + 1;
      }
    }
  }

  /** Kills what is left. */
  async end(): Promise<void> {
    for (const { child } of this.members.values()) child.kill("SIGKILL");
    await Promise.all([...this.#clients].map((client) => client.stop({ timeoutMs: 1 })));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
