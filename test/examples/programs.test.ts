/** What programs of this machine write is read by the specs of `examples/specs/`, and written again to the byte. */
import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, inflateRawSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ownCodecOf } from "../../src/cli/own-spec.js";
import { pascal } from "../../src/gen/names.js";
import { isReadAlike } from "../gen/read-alike.js";
import { loadKaitai, streamOf } from "../support/generate.js";

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "specwire-programs-"))));
afterAll(() => rmSync(folder, { recursive: true }));

/** Whether a program is there. */
const isThere = (program: string, ...args: string[]): boolean => spawnSync(program, args).status === 0;

/** The value of bytes that are read alone, and what is at fault with it beside the official JavaScript. */
async function readAlike(spec: string, bytes: Uint8Array): Promise<Record<string, unknown>> {
  const path = `examples/specs/${spec}.ksy`;
  const codec = await ownCodecOf(path, undefined, []);
  const result = codec.tryDecode(bytes, {});
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  const kaitai = await loadKaitai(path);
  expect(isReadAlike(result.value, new kaitai[pascal(spec)]!(streamOf(bytes)), "")).toBe(undefined);
  return result.value as Record<string, unknown>;
}

/** The value of bytes, which encodes to them again. */
async function valueOf(spec: string, bytes: Uint8Array): Promise<Record<string, unknown>> {
  const codec = await ownCodecOf(`examples/specs/${spec}.ksy`, undefined, []);
  const result = codec.tryDecode(bytes, {});
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  expect(Buffer.from(codec.encode(result.value)).equals(bytes)).toBe(true);
  return result.value as Record<string, unknown>;
}

describe("what is written by", () => {
  it.skipIf(!isThere("zip", "-v"))("zip", async () => {
    const files = { "long.txt": "many words ".repeat(5_000), "short.bin": "x" };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    execFileSync("zip", ["-q", "all.zip", ...Object.keys(files)], { cwd: folder });
    const { records } = await valueOf("zip", readFileSync(join(folder, "all.zip")));
    const all = records as { kind: string; name: string; method: number; data: Uint8Array; crc: number }[];
    expect(all.map(({ kind }) => kind)).toEqual(["file", "file", "directory_entry", "directory_entry", "end"]);
    for (const { name, method, data, crc } of all.slice(0, 2)) {
      const text = method === 8 ? inflateRawSync(data).toString() : Buffer.from(data).toString();
      expect([text, crc]).toEqual([files[name as keyof typeof files], crc32(text)]);
    }
  });

  it.skipIf(!isThere("python3", "-c", "import wave"))("the module wave of Python", async () => {
    const path = join(folder, "tone.wav");
    const lines = [
      "import wave, sys",
      "w = wave.open(sys.argv[1], 'wb')",
      "w.setnchannels(2); w.setsampwidth(2); w.setframerate(48000)",
      "w.writeframes(bytes(range(256)) * 20); w.close()",
    ];
    execFileSync("python3", ["-c", lines.join("\n"), path]);
    const { form } = (await valueOf("wav", readFileSync(path))) as {
      form: { chunks: { name: string; body: Uint8Array & Record<string, unknown> }[] };
    };
    expect(form.chunks.map(({ name }) => name)).toEqual(["fmt ", "data"]);
    expect(form.chunks[0]!.body).toMatchObject({ encoding: 1, channels: 2, samplesPerSecond: 48_000 });
    expect(form.chunks[1]!.body).toHaveLength(5_120);
  });

  it.skipIf(process.platform !== "linux" || !existsSync("/proc/self/exe") || !["x64", "arm64"].includes(process.arch))(
    "the linker of this Node.js",
    async () => {
      const header = new Uint8Array(64);
      const file = openSync("/proc/self/exe", "r");
      readSync(file, header);
      closeSync(file);
      const value = await valueOf("elf", header);
      expect(value["machine"]).toBe(process.arch === "x64" ? 62 : 183);
      expect([2, 3]).toContain(value["fileType"]);
    },
  );

  it.skipIf(process.arch !== "x64" || !existsSync("/bin/true"))("the linker of /bin/true, its sections", async () => {
    const { sections } = await readAlike("elf_sections", readFileSync("/bin/true"));
    const names = (sections as { name: string }[]).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining([".text", ".dynsym", ".shstrtab"]));
  });

  it.skipIf(!isThere("convert", "-version"))("ImageMagick", async () => {
    const path = join(folder, "tiny.png");
    execFileSync("convert", ["-size", "3x2", "xc:red", "-fill", "blue", "-draw", "point 1,1", `png:${path}`]);
    const { header, chunks } = await valueOf("png_image", readFileSync(path));
    expect(header).toMatchObject({ width: 3, height: 2 });
    expect((chunks as { name: string }[]).map(({ name }) => name)).toEqual(expect.arrayContaining(["IHDR", "IEND"]));
    await readAlike("png_image", readFileSync(path));
  });
});
