/** A TLS server of the `openssl` program: unlike Node.js, it tells a client by an alert why it is refused. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KmeCertificates } from "../../../src/protocols/qkd/kme/credentials.js";

/** Whether the program is there. */
export const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

/** A server that asks for certificates and refuses those of others by an alert. */
export class OpensslServer {
  readonly url: string;
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(url: string, process: ChildProcess, folder: string) {
    this.url = url;
    this.#process = process;
    this.#folder = folder;
  }

  static async start(
    { authority, servers: [{ certificate, key }] }: KmeCertificates,
    version: "TLSv1.2" | "TLSv1.3",
  ): Promise<OpensslServer> {
    const folder = mkdtempSync(join(tmpdir(), "specwire-openssl-"));
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), `${text}\n`, { mode: 0o600 });
      return join(folder, name);
    };
    const files = ["-cert", file("cert", certificate), "-key", file("key", key), "-CAfile", file("ca", authority)];
    const rules = ["-Verify", "2", "-verify_return_error", version === "TLSv1.2" ? "-tls1_2" : "-tls1_3"];
    const process = spawn("openssl", ["s_server", "-accept", "127.0.0.1:0", ...files, ...rules, "-www"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    let output = "";
    for (;;) {
      const [part] = (await once(process.stdout!, "data")) as [Buffer];
      output += part.toString();
      const [, port] = /^ACCEPT .*:(\d+)$/m.exec(output) ?? [];
      if (port !== undefined) return new OpensslServer(`https://127.0.0.1:${port}`, process, folder);
    }
  }

  async close(): Promise<void> {
    const ended = once(this.#process, "exit");
    this.#process.kill();
    await ended;
    rmSync(this.#folder, { recursive: true });
  }
}
