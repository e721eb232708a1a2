/** Go's hash of a block, written by hand on Buffer and node:crypto: definitions once, then value, data and rest. */
import { createHash } from "node:crypto";

function uint(value) {
  const n = BigInt(value);
  if (n < 128n) return Buffer.from([Number(n)]);
  const digits = n.toString(16);
  const bytes = Buffer.from(digits.length % 2 === 1 ? `0${digits}` : digits, "hex");
  return Buffer.concat([Buffer.from([256 - bytes.length]), bytes]);
}

function int(value) {
  const n = BigInt(value);
  return uint(n < 0n ? (~n << 1n) | 1n : n << 1n);
}

const withLength = (bytes) => Buffer.concat([uint(bytes.length), bytes]);
const text = (name) => withLength(Buffer.from(name));

function definition(id, name, fields) {
  const list = fields.flatMap(([field, type]) => [
    Buffer.from([1]),
    text(field),
    Buffer.from([1]),
    int(type),
    Buffer.from([0]),
  ]);
  const head = [
    int(-id),
    Buffer.from([3, 1, 1]),
    text(name),
    Buffer.from([1]),
    int(id),
    Buffer.from([0, 1]),
    uint(fields.length),
  ];
  return withLength(Buffer.concat([...head, ...list, Buffer.from([0, 0])]));
}

const DEFINITIONS = Buffer.concat([
  definition(64, "Block", [
    ["Hash", 5],
    ["PrevHash", 5],
    ["Index", 3],
    ["Data", 65],
    ["Time", 2],
    ["Nonce", 3],
  ]),
  definition(65, "BlockData", [
    ["Hash", 5],
    ["Data", 5],
    ["IV", 5],
  ]),
]);

/** SHA-256 of the gob of a block with ids 64 and 65. */
export function gobHashByHand({ prevHash, index, data, timeNs, nonce }) {
  const before = [int(64)];
  let last = -1;
  const field = (number, ...bytes) => {
    before.push(uint(number - last), ...bytes);
    last = number;
  };
  if (prevHash.length > 0) field(1, withLength(prevHash));
  if (index !== 0n) field(2, uint(index));
  field(3);
  let lastOfData = -1;
  if (data.hash.length > 0) {
    before.push(uint(1), withLength(data.hash));
    lastOfData = 0;
  }
  if (data.data.length > 0) {
    before.push(uint(1 - lastOfData), uint(data.data.length));
    lastOfData = 1;
  }
  const after = [];
  if (data.iv.length > 0) after.push(uint(2 - lastOfData), withLength(data.iv));
  after.push(Buffer.from([0]));
  if (timeNs !== 0n) {
    after.push(uint(4 - last), int(timeNs));
    last = 4;
  }
  if (nonce !== 0n) after.push(uint(5 - last), uint(nonce));
  after.push(Buffer.from([0]));
  const [front, rest] = [Buffer.concat(before), Buffer.concat(after)];
  const length = uint(front.length + data.data.length + rest.length);
  return createHash("sha256")
    .update(Buffer.concat([DEFINITIONS, length, front]))
    .update(data.data)
    .update(rest)
    .digest();
}
