/**
 * Fetches Debian's etcd and NATS where they are missing, into `build/servers`: unpacked, not installed, so that no
 * service starts. Where that cannot be, a line says so, and the tests and measurements that need them are skipped.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { findServer, PACKAGES, UNPACKED } from "./find.mjs";

const missing = Object.keys(PACKAGES).filter((name) => findServer(name) === undefined);
if (missing.length > 0) {
  mkdirSync(UNPACKED, { recursive: true });
  // Its failure shows in what follows: lists may be there already.
  run("apt-get", "-qq", "update");
  for (const name of missing) fetchServer(name);
}
for (const name of Object.keys(PACKAGES)) {
  const path = findServer(name);
  console.log(path === undefined ? `skipped ${name}: it cannot be installed` : `${name}: ${path}`);
}

function fetchServer(name) {
  const outcome = run("apt-get", "-qq", "download", PACKAGES[name]);
  const archive = readdirSync(UNPACKED).find((file) => file.startsWith(PACKAGES[name]) && file.endsWith(".deb"));
  if (archive === undefined) console.error(`${PACKAGES[name]}: ${reasonOf(outcome)}`);
  else if (run("dpkg-deb", "-x", archive, ".").status !== 0) console.error(`${archive} cannot be unpacked`);
}

function run(program, ...args) {
  return spawnSync(program, args, { cwd: UNPACKED, encoding: "utf8" });
}

function reasonOf({ error, stderr }) {
  return error?.message ?? stderr.trim().split("\n").pop();
}
