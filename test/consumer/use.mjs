/** A user's program, which CI runs against the packed package on each supported version of Node. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fromHex, toHex } from "specwire/bytes";
import { isWireError } from "specwire/codec";
import { sha256 } from "specwire/kernel";
import { decodeFrameU32, encodeFrameU32 } from "specwire/rpc";

const digest = sha256(fromHex("616263"));
assert.equal(toHex(digest), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
const bytes = encodeFrameU32({ message: digest });
assert.deepEqual(decodeFrameU32(bytes).message, digest);
assert.throws(
  () => decodeFrameU32(bytes.subarray(0, -1)),
  (error) => isWireError(error) && error.code === "short",
);

// A stack trace names the sources that the package has: the line that throws.
const { stack } = await Promise.resolve(bytes.subarray(1))
  .then(decodeFrameU32)
  .catch((error) => error);
const [, source, line] = /\((\/.*\/specwire\/src\/.+\.ts):(\d+):\d+\)/.exec(stack);
assert.match(readFileSync(source, "utf8").split("\n")[line - 1], /\b(throw|fail|refuse)/);

// Every subpath loads by `import` and by `require`, without the optional packages.
const require = createRequire(import.meta.url);
const { exports } = require("specwire/package.json");
const subpaths = Object.keys(exports).filter((subpath) => exports[subpath].types !== undefined);
assert.ok(subpaths.length > 10);
for (const subpath of subpaths) {
  const name = subpath.replace(".", "specwire");
  const imported = await import(name);
  assert.ok(Object.keys(imported).length > 0, `${name} exports nothing`);
  assert.equal(require(name), imported, `${name} is another module to require`);
}

// Each kernel is also a file, for programs that compile or serve it themselves.
assert.ok(WebAssembly.validate(readFileSync(require.resolve("specwire/kernel/sha256.wasm"))));

// The root refuses, so that nobody imports all subpaths at once.
await assert.rejects(import("specwire"), { code: "ERR_PACKAGE_PATH_NOT_EXPORTED" });

console.log(`${subpaths.length} subpaths on Node ${process.version}`);
