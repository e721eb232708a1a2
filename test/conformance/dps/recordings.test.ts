/** Conformance of our key store to the recordings. */
import { describe, expect, it } from "vitest";
import { recording, verdicts, withRecording } from "../harness.js";

const FORMATS = [
  "block_size",
  "chunk_key",
  "files",
  "toml_strings",
  "toml_numbers",
  "compute_sha_hash",
  "key_store_behaviour",
];

it("every vector of the key store passes, and those that deviate do so by a fault of the recorded program", async () => {
  const ended = (await verdicts(recording("dps"))).filter(({ family }) => FORMATS.includes(family));
  const counts: Record<string, number> = {};
  for (const { family, verdict } of ended) counts[`${family} ${verdict}`] = (counts[`${family} ${verdict}`] ?? 0) + 1;
  expect(counts).toEqual({
    "block_size equal": 35,
    "chunk_key equal": 39,
    "compute_sha_hash equal": 9,
    "files equal": 15,
    "key_store_behaviour deviates": 6,
    "key_store_behaviour equal": 9,
    "toml_numbers equal": 2,
    "toml_numbers refused": 1,
    "toml_strings equal": 12,
    "toml_strings refused": 1,
  });
});

it("a vector with another result fails", async () => {
  const wrong = {
    block_size: { id: "a", file_size: "65536", block_size: 65537, legacy_block_size_before_b6f83a9: 65536 },
    chunk_key: { id: "b", file_hash: "00".repeat(32), chunk_index: 0, key: "00", kdht_file_name: "00.kdht" },
    compute_sha_hash: { id: "c", input_utf8: "", size: 64, digest: "cf83e1" },
    toml_strings: { id: "d", file_name_utf8_hex: "61", reload: "equal", toml_text: "[metadata]\n", toml_line_hex: "" },
  };
  const categories = Object.fromEntries(Object.entries(wrong).map(([name, vector]) => [name, { vectors: [vector] }]));
  const ended = await withRecording({ categories }, verdicts);
  expect(ended.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
    "a failed",
    "b failed",
    "c failed",
    "d failed",
  ]);
});

it("bytes that are stored again are played by what happened to them before", async () => {
  const vector = (name: string, result: string): object => ({ id: name, name, error: null, name_in_result: result });
  const vectors = [
    vector("restore_same_bytes_other_name", "c.bin"),
    vector("restore_over_damaged_chunk", "c.bin"),
    vector("store_after_delete_file", "c2.bin"),
    vector("store_after_cleanup", "c2.bin"),
    vector("store_after_delete_file with another name", "c.bin"),
    vector("nothing_like_it", "c.bin"),
  ];
  const ended = await withRecording({ categories: { key_store_behaviour: { vectors } } }, verdicts);
  expect(ended.map(({ verdict }) => verdict)).toEqual(["equal", "equal", "equal", "equal", "failed", "skipped"]);
});

it("the session of the file server passes", async () => {
  const ended = (await verdicts(recording("dps"))).filter(({ family }) => family === "fileserver");
  expect(ended.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual(
    ["000", "001", "003", "005", "006", "008", "010", "011", "013", "015", "016", "018", "020", "021"].map(
      (id) => `fileserver/${id} equal`,
    ),
  );
});

describe("a session of the file server", () => {
  const vector = (index: number, request: string, response: string, more: object = {}): object => ({
    id: `fileserver/${index}`,
    session_index: index,
    client_half_closes_after_request: false,
    client_read_error: null,
    request_hex: request,
    response_hex: response,
    response_then: "server closes",
    ...more,
  });
  const verdictsOf = async (vectors: readonly object[]): Promise<readonly string[]> => {
    const ended = await withRecording({ categories: { fileserver: { vectors } } }, verdicts);
    return ended.map(({ verdict, rule }) => rule ?? verdict);
  };
  const listed = (...files: readonly [name: string, hash: string, size: number][]): string => {
    const json = `[${files.map(([name, hash, size]) => `{"name":"${name}","hash":"${hash}","size":${size}}`).join()}]`;
    return `00${json.length.toString(16).padStart(8, "0")}${Buffer.from(json).toString("hex")}`;
  };
  const A = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";
  const B = "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d";
  const upload = (index: number, byte: string, hash: string): object =>
    vector(index, `0000000d010001${byte}0000000000000001${byte}`, `00${hash}`);

  it("is played in its order, whatever that of the file", async () => {
    const found = `000000000000000001${"61"}`;
    expect(await verdictsOf([vector(1, "00000003020161", found), upload(0, "61", A)])).toEqual(["equal", "equal"]);
  });

  it("may list files in another order, and no other files", async () => {
    const a = ["a", A, 1] as const;
    const b = ["b", B, 1] as const;
    const uploads = [upload(0, "61", A), upload(1, "62", B)];
    const list = (response: string): object => vector(2, "0000000103", response);
    expect((await verdictsOf([...uploads, list(listed([...b], [...a]))]))[2]).toBe("equal");
    expect((await verdictsOf([...uploads, list(listed([...a], [...b]))]))[2]).toBe("file-server.list-order");
    expect((await verdictsOf([...uploads, list(listed([...a]))]))[2]).toBe("failed");
  });

  it("may have lost a reply to a reset", async () => {
    const reset = { client_read_error: "connection reset by peer" };
    expect(await verdictsOf([upload(0, "61", A), vector(1, "00000003020161", "", reset)])).toEqual([
      "equal",
      "file-server.reply-before-reset",
    ]);
    expect(await verdictsOf([upload(0, "61", A), vector(1, "00000003020161", "01", reset)])).toContain("failed");
  });

  it("is read by our codec where it tells of files from another part of the recording", async () => {
    const found = `000000000000000001${"61"}`;
    expect(await verdictsOf([vector(1, "00000003020161", found)])).toEqual(["client"]);
    expect(await verdictsOf([vector(0, "00000003020161", found)])).toEqual(["failed"]);
    expect(await verdictsOf([vector(1, "00000003020161", `${found}00`)])).toEqual(["failed"]);
    expect(await verdictsOf([vector(1, "0000000105", "00")])).toEqual(["failed"]);
  });

  it("fails where a vector cannot be read, and goes on", async () => {
    expect(await verdictsOf([vector(0, "x", ""), vector(1, "00000000", "00"), upload(2, "61", A)])).toEqual([
      "failed",
      "failed",
      "equal",
    ]);
  });
});
