/** Where the programs of etcd and NATS lie that tests and measurements start. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where {@link install.mjs} unpacks what the system lacks. */
export const UNPACKED = fileURLToPath(new URL("../../build/servers", import.meta.url));

/** Debian's package of each program. */
export const PACKAGES = { etcd: "etcd-server", "nats-server": "nats-server" };

/** Folders of programs; those of the superuser are not in everybody's PATH. */
const FOLDERS = ["usr/bin", "usr/sbin"];

/** The path of a program; undefined where it is not installed. */
export function findServer(name) {
  const onPath = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const folders = [...FOLDERS.map((folder) => join(UNPACKED, folder)), ...onPath, ...FOLDERS.map((one) => `/${one}`)];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
