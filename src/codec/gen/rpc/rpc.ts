// Generated from rpc/rpc.proto by `specwire gen`; do not edit. spec sha256 ca96de9e06a6ec44a6db71cb69a957df6bb4483eeff361c0cc9ca808c74c15cf
import { type MessageInit, type MessageLimits, NO_BYTES, type NewBytes, type Result, type Sites, abandonMessage,
    beginMessage, bigOf, canMerge, cursor, endMessage, enterMessage, failKind, failNumber, failText, failView, failure,
    inside, isText, leaveMessage, lengthOf, newMessage, placeMessage, putBytes, putInt, putLength, putLong, putText,
    putUnknown, raise, readLong, readSize, readTag, refuseFault, refuseItems, refuseRange, refuseShort, refuseTagged,
    refuseText, refuseUnsafe, safeOf, skipField, splitBig, splitNumber, textAt, unknownIn, viewAt,
    within } from "../../index.js";

export const Protocol = {
  Raft: 0,
  Kademlia: 1,
} as const;
export type Protocol = (typeof Protocol)[keyof typeof Protocol];
/** Name and meaning of each Protocol. */
export const PROTOCOL_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  0: { name: "Raft", doc: "" },
  1: { name: "Kademlia", doc: "" },
};

export const Command = {
  PING: 0,
  STORE: 1,
  GET: 2,
  FIND_NODE: 3,
  FIND_VALUE: 4,
  ACK: 5,
  NODES: 6,
  VALUE: 7,
  /** No peer handles the commands of Raft yet. */
  REQUEST_VOTE: 8,
  APPEND_ENTRIES: 9,
  INSTALL_SNAPSHOT: 10,
} as const;
export type Command = (typeof Command)[keyof typeof Command];
/** Name and meaning of each Command. */
export const COMMAND_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  0: { name: "PING", doc: "" },
  1: { name: "STORE", doc: "" },
  2: { name: "GET", doc: "" },
  3: { name: "FIND_NODE", doc: "" },
  4: { name: "FIND_VALUE", doc: "" },
  5: { name: "ACK", doc: "" },
  6: { name: "NODES", doc: "" },
  7: { name: "VALUE", doc: "" },
  8: { name: "REQUEST_VOTE", doc: "No peer handles the commands of Raft yet." },
  9: { name: "APPEND_ENTRIES", doc: "" },
  10: { name: "INSTALL_SNAPSHOT", doc: "" },
};

const $NodeInfo_SITES: Sites = {
  format: "transport.NodeInfo",
  file: "rpc/rpc.proto",
  sites: [
    ["short", "", 29, ""],
    ["short", "address", 31, ""],
    ["short", "id", 33, ""],
    ["short", "time", 35, "a signed integer of 64 bits"],
  ],
};
const $NodeInfo_NUMBERS: readonly number[] = [1, 2, 3];
/** A peer, as it describes itself. */
export interface NodeInfo {
  /** Host and port. */
  readonly address: string;
  /** 20 bytes. */
  readonly id: Uint8Array;
  /** Nanoseconds since 1970, above 2^53: the form with bigints has them exactly. */
  readonly time: number;
  /** Fields that the message does not know, as they were. */
  readonly $unknown?: Uint8Array | undefined;
}
function $takeNodeInfo(bytes: Uint8Array, at: number, end: number, prior?: NodeInfo): NodeInfo | undefined {
  const first = at;
  let strange = 0;
  let $1 = 0, $1end = 0;
  let $2 = 0, $2end = 0;
  let $3: number = prior === undefined ? 0 : prior.time;
  while (at < end) {
    const from = at;
    let tag = bytes[at++]!;
    if (tag > 127) {
      tag = readTag(bytes, from, end);
      if (tag < 0) return refuseFault($NodeInfo_SITES, 0 /* message */);
      at = cursor.at;
    }
    let stop = at;
    if ((tag & 7) === 2) {
      let size = at < end ? bytes[at]! : 128;
      if (size < 128) at++;
      else {
        size = readSize(bytes, at, end);
        if (size < 0) return refuseTagged($NodeInfo_SITES, $NodeInfo_NUMBERS, tag);
        at = cursor.at;
      }
      stop = at + size;
      if (stop > end) return refuseShort($NodeInfo_SITES, $NodeInfo_NUMBERS, tag, at, end);
    }
    switch (tag) {
      case 10: {
        if ($1end !== 0 && !isText(bytes, $1, $1end)) return refuseText($NodeInfo_SITES, 1 /* address */, $1);
        $1 = at; $1end = stop; at = stop;
        break;
      }
      case 18: {
        $2 = at; $2end = stop; at = stop;
        break;
      }
      case 24: {
        const low = at < end ? bytes[at]! : 128;
        if (low < 128) { at++; $3 = low; }
        else {
          if ((at = readLong(bytes, at, end)) < 0) return refuseTagged($NodeInfo_SITES, $NodeInfo_NUMBERS, tag);
          const safe = safeOf();
          if (safe !== safe) return refuseUnsafe($NodeInfo_SITES, 3 /* time */, from);
          $3 = safe;
        }
        break;
      }
      default: {
        if ((tag & 7) === 2 && tag > 7) at = stop;
        else if ((at = skipField(bytes, at, end, tag)) < 0) return refuseTagged($NodeInfo_SITES, $NodeInfo_NUMBERS,
            tag);
        strange += at - from;
      }
    }
  }
  const $1text = $1end === 0 ? "" : textAt(bytes, $1, $1end);
  if ($1text === undefined) return refuseText($NodeInfo_SITES, 1 /* address */, $1);
  return {
    address: $1end === 0 ? prior === undefined ? "" : prior.address : $1text,
    id: $2end === 0 ? prior === undefined ? NO_BYTES : prior.id : viewAt($2, $2end),
    time: $3,
    $unknown: strange === 0 ? prior?.$unknown : unknownIn(bytes, first, end, $takeNodeInfo$knows, strange,
        prior?.$unknown),
  };
}
function $putNodeInfo(value: MessageInit<NodeInfo>, bytes: Uint8Array, at: number): number {
  if (typeof value !== "object" || value === null) failKind($NodeInfo_SITES, 0 /* message */, "an object", value);
  const $1 = value.address;
  if ($1 !== undefined && $1 !== "") {
    bytes[at++] = 10;
    if ((at = putText(bytes, at, $1)) < 0) failText($NodeInfo_SITES, 1 /* address */, $1);
  }
  const $2 = value.id;
  if ($2 !== undefined && ($2 === null || $2.length !== 0 || lengthOf($2) < 0)) {
    bytes[at++] = 18;
    if ((at = putBytes(bytes, at, $2)) < 0) failView($NodeInfo_SITES, 2 /* id */, $2);
  }
  const $3 = value.time;
  if ($3 !== undefined && $3 !== 0) {
    bytes[at++] = 24;
    if (!splitNumber($3, true)) failNumber($NodeInfo_SITES, 3 /* time */, $3);
    at = putLong(bytes, at);
  }
  const $unknown = value.$unknown;
  return $unknown === undefined ? at : putUnknown($NodeInfo_SITES, bytes, at, $unknown);
}
function $readNodeInfo(bytes: Uint8Array, at: number, end: number, limits: MessageLimits | undefined): NodeInfo |
    undefined {
  if (end > lengthOf(bytes) || at > end || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange($NodeInfo_SITES, 0 /* message */, 0, bytes, at, end);
  if (!enterMessage($NodeInfo_SITES, bytes, limits)) return undefined;
  const value = $takeNodeInfo(bytes, at, end);
  leaveMessage();
  return value;
}
/** @throws WireError when the bytes are no transport.NodeInfo. */
export function decodeNodeInfo(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes),
    limits?: MessageLimits): NodeInfo {
  return $readNodeInfo(bytes, at, end, limits) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeNodeInfo(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes),
    limits?: MessageLimits): Result<NodeInfo> {
  const value = $readNodeInfo(bytes, at, end, limits);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError when the value does not fit the message. */
export function nodeInfoLength(value: MessageInit<NodeInfo>): number {
  const room = beginMessage();
  try {
    return endMessage(room, $putNodeInfo(value, room, 0));
  } catch (error) { throw abandonMessage(error, room, $NodeInfo_SITES); }
}
/** @throws WireError when the value does not fit the message. */
export function encodeNodeInfo(value: MessageInit<NodeInfo>): NewBytes {
  const room = beginMessage();
  try {
    return newMessage($NodeInfo_SITES, room, $putNodeInfo(value, room, 0), value, $putNodeInfo);
  } catch (error) { throw abandonMessage(error, room, $NodeInfo_SITES); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeNodeInfoInto(value: MessageInit<NodeInfo>, bytes: Uint8Array, at = 0): number {
  const room = beginMessage();
  try {
    return placeMessage($NodeInfo_SITES, room, $putNodeInfo(value, room, 0), value, $putNodeInfo, bytes, at);
  } catch (error) { throw abandonMessage(error, room, $NodeInfo_SITES); }
}
/** A peer, as it describes itself. 64-bit integers as bigint. */
export interface NodeInfoBig {
  /** Host and port. */
  readonly address: string;
  /** 20 bytes. */
  readonly id: Uint8Array;
  /** Nanoseconds since 1970, above 2^53: the form with bigints has them exactly. */
  readonly time: bigint;
  /** Fields that the message does not know, as they were. */
  readonly $unknown?: Uint8Array | undefined;
}
function $takeNodeInfoBig(bytes: Uint8Array, at: number, end: number, prior?: NodeInfoBig): NodeInfoBig | undefined {
  const first = at;
  let strange = 0;
  let $1 = 0, $1end = 0;
  let $2 = 0, $2end = 0;
  let $3low = 0, $3high = 0, $3set = false;
  while (at < end) {
    const from = at;
    let tag = bytes[at++]!;
    if (tag > 127) {
      tag = readTag(bytes, from, end);
      if (tag < 0) return refuseFault($NodeInfo_SITES, 0 /* message */);
      at = cursor.at;
    }
    let stop = at;
    if ((tag & 7) === 2) {
      let size = at < end ? bytes[at]! : 128;
      if (size < 128) at++;
      else {
        size = readSize(bytes, at, end);
        if (size < 0) return refuseTagged($NodeInfo_SITES, $NodeInfo_NUMBERS, tag);
        at = cursor.at;
      }
      stop = at + size;
      if (stop > end) return refuseShort($NodeInfo_SITES, $NodeInfo_NUMBERS, tag, at, end);
    }
    switch (tag) {
      case 10: {
        if ($1end !== 0 && !isText(bytes, $1, $1end)) return refuseText($NodeInfo_SITES, 1 /* address */, $1);
        $1 = at; $1end = stop; at = stop;
        break;
      }
      case 18: {
        $2 = at; $2end = stop; at = stop;
        break;
      }
      case 24: {
        const low = at < end ? bytes[at]! : 128;
        if (low < 128) { at++; $3low = low; $3high = 0; $3set = true; }
        else {
          if ((at = readLong(bytes, at, end)) < 0) return refuseTagged($NodeInfo_SITES, $NodeInfo_NUMBERS, tag);
          $3low = cursor.low; $3high = cursor.high; $3set = true;
        }
        break;
      }
      default: {
        if ((tag & 7) === 2 && tag > 7) at = stop;
        else if ((at = skipField(bytes, at, end, tag)) < 0) return refuseTagged($NodeInfo_SITES, $NodeInfo_NUMBERS,
            tag);
        strange += at - from;
      }
    }
  }
  const $1text = $1end === 0 ? "" : textAt(bytes, $1, $1end);
  if ($1text === undefined) return refuseText($NodeInfo_SITES, 1 /* address */, $1);
  return {
    address: $1end === 0 ? prior === undefined ? "" : prior.address : $1text,
    id: $2end === 0 ? prior === undefined ? NO_BYTES : prior.id : viewAt($2, $2end),
    time: $3set ? bigOf($3low, $3high) : prior === undefined ? 0n : prior.time,
    $unknown: strange === 0 ? prior?.$unknown : unknownIn(bytes, first, end, $takeNodeInfo$knows, strange,
        prior?.$unknown),
  };
}
function $putNodeInfoBig(value: MessageInit<NodeInfoBig>, bytes: Uint8Array, at: number): number {
  if (typeof value !== "object" || value === null) failKind($NodeInfo_SITES, 0 /* message */, "an object", value);
  const $1 = value.address;
  if ($1 !== undefined && $1 !== "") {
    bytes[at++] = 10;
    if ((at = putText(bytes, at, $1)) < 0) failText($NodeInfo_SITES, 1 /* address */, $1);
  }
  const $2 = value.id;
  if ($2 !== undefined && ($2 === null || $2.length !== 0 || lengthOf($2) < 0)) {
    bytes[at++] = 18;
    if ((at = putBytes(bytes, at, $2)) < 0) failView($NodeInfo_SITES, 2 /* id */, $2);
  }
  const $3 = value.time;
  if ($3 !== undefined && $3 !== 0n) {
    bytes[at++] = 24;
    if (!splitBig($3, true)) failNumber($NodeInfo_SITES, 3 /* time */, $3);
    at = putLong(bytes, at);
  }
  const $unknown = value.$unknown;
  return $unknown === undefined ? at : putUnknown($NodeInfo_SITES, bytes, at, $unknown);
}
function $readNodeInfoBig(bytes: Uint8Array, at: number, end: number, limits: MessageLimits | undefined): NodeInfoBig |
    undefined {
  if (end > lengthOf(bytes) || at > end || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange($NodeInfo_SITES, 0 /* message */, 0, bytes, at, end);
  if (!enterMessage($NodeInfo_SITES, bytes, limits)) return undefined;
  const value = $takeNodeInfoBig(bytes, at, end);
  leaveMessage();
  return value;
}
/** @throws WireError when the bytes are no transport.NodeInfo. */
export function decodeNodeInfoBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes),
    limits?: MessageLimits): NodeInfoBig {
  return $readNodeInfoBig(bytes, at, end, limits) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeNodeInfoBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes),
    limits?: MessageLimits): Result<NodeInfoBig> {
  const value = $readNodeInfoBig(bytes, at, end, limits);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError when the value does not fit the message. */
export function nodeInfoBigLength(value: MessageInit<NodeInfoBig>): number {
  const room = beginMessage();
  try {
    return endMessage(room, $putNodeInfoBig(value, room, 0));
  } catch (error) { throw abandonMessage(error, room, $NodeInfo_SITES); }
}
/** @throws WireError when the value does not fit the message. */
export function encodeNodeInfoBig(value: MessageInit<NodeInfoBig>): NewBytes {
  const room = beginMessage();
  try {
    return newMessage($NodeInfo_SITES, room, $putNodeInfoBig(value, room, 0), value, $putNodeInfoBig);
  } catch (error) { throw abandonMessage(error, room, $NodeInfo_SITES); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeNodeInfoBigInto(value: MessageInit<NodeInfoBig>, bytes: Uint8Array, at = 0): number {
  const room = beginMessage();
  try {
    return placeMessage($NodeInfo_SITES, room, $putNodeInfoBig(value, room, 0), value, $putNodeInfoBig, bytes, at);
  } catch (error) { throw abandonMessage(error, room, $NodeInfo_SITES); }
}
function $takeNodeInfo$knows(tag: number): boolean {
  return tag === 10 || tag === 18 || tag === 24;
}

const $RPCT_SITES: Sites = {
  format: "transport.RPC_t",
  file: "rpc/rpc.proto",
  sites: [
    ["short", "", 38, ""],
    ["short", "command", 39, "-2147483648 to 2147483647"],
    ["short", "protocol", 40, "-2147483648 to 2147483647"],
  ],
};
const $RPCT_NUMBERS: readonly number[] = [1, 2];
export interface RPCT {
  readonly command: Command | (number & {});
  readonly protocol: Protocol | (number & {});
  /** Fields that the message does not know, as they were. */
  readonly $unknown?: Uint8Array | undefined;
}
function $takeRPCT(bytes: Uint8Array, at: number, end: number, prior?: RPCT): RPCT | undefined {
  const first = at;
  let strange = 0;
  let $1: Command | (number & {}) = prior === undefined ? 0 : prior.command;
  let $2: Protocol | (number & {}) = prior === undefined ? 0 : prior.protocol;
  while (at < end) {
    const from = at;
    let tag = bytes[at++]!;
    if (tag > 127) {
      tag = readTag(bytes, from, end);
      if (tag < 0) return refuseFault($RPCT_SITES, 0 /* message */);
      at = cursor.at;
    }
    let stop = at;
    if ((tag & 7) === 2) {
      let size = at < end ? bytes[at]! : 128;
      if (size < 128) at++;
      else {
        size = readSize(bytes, at, end);
        if (size < 0) return refuseTagged($RPCT_SITES, $RPCT_NUMBERS, tag);
        at = cursor.at;
      }
      stop = at + size;
      if (stop > end) return refuseShort($RPCT_SITES, $RPCT_NUMBERS, tag, at, end);
    }
    switch (tag) {
      case 8: {
        let low = at < end ? bytes[at]! : 128;
        if (low < 128) at++;
        else {
          if ((at = readLong(bytes, at, end)) < 0) return refuseTagged($RPCT_SITES, $RPCT_NUMBERS, tag);
          low = cursor.low;
        }
        $1 = low;
        break;
      }
      case 16: {
        let low = at < end ? bytes[at]! : 128;
        if (low < 128) at++;
        else {
          if ((at = readLong(bytes, at, end)) < 0) return refuseTagged($RPCT_SITES, $RPCT_NUMBERS, tag);
          low = cursor.low;
        }
        $2 = low;
        break;
      }
      default: {
        if ((tag & 7) === 2 && tag > 7) at = stop;
        else if ((at = skipField(bytes, at, end, tag)) < 0) return refuseTagged($RPCT_SITES, $RPCT_NUMBERS, tag);
        strange += at - from;
      }
    }
  }
  return {
    command: $1,
    protocol: $2,
    $unknown: strange === 0 ? prior?.$unknown : unknownIn(bytes, first, end, $takeRPCT$knows, strange, prior?.$unknown),
  };
}
function $putRPCT(value: MessageInit<RPCT>, bytes: Uint8Array, at: number): number {
  if (typeof value !== "object" || value === null) failKind($RPCT_SITES, 0 /* message */, "an object", value);
  const $1 = value.command;
  if ($1 !== undefined && $1 !== 0) {
    bytes[at++] = 8;
    if ($1 !== ($1 | 0)) failNumber($RPCT_SITES, 1 /* command */, $1);
    at = putInt(bytes, at, $1);
  }
  const $2 = value.protocol;
  if ($2 !== undefined && $2 !== 0) {
    bytes[at++] = 16;
    if ($2 !== ($2 | 0)) failNumber($RPCT_SITES, 2 /* protocol */, $2);
    at = putInt(bytes, at, $2);
  }
  const $unknown = value.$unknown;
  return $unknown === undefined ? at : putUnknown($RPCT_SITES, bytes, at, $unknown);
}
function $readRPCT(bytes: Uint8Array, at: number, end: number, limits: MessageLimits | undefined): RPCT | undefined {
  if (end > lengthOf(bytes) || at > end || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange($RPCT_SITES, 0 /* message */, 0, bytes, at, end);
  if (!enterMessage($RPCT_SITES, bytes, limits)) return undefined;
  const value = $takeRPCT(bytes, at, end);
  leaveMessage();
  return value;
}
/** @throws WireError when the bytes are no transport.RPC_t. */
export function decodeRPCT(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes), limits?: MessageLimits): RPCT {
  return $readRPCT(bytes, at, end, limits) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeRPCT(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes),
    limits?: MessageLimits): Result<RPCT> {
  const value = $readRPCT(bytes, at, end, limits);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError when the value does not fit the message. */
export function rpctLength(value: MessageInit<RPCT>): number {
  const room = beginMessage();
  try {
    return endMessage(room, $putRPCT(value, room, 0));
  } catch (error) { throw abandonMessage(error, room, $RPCT_SITES); }
}
/** @throws WireError when the value does not fit the message. */
export function encodeRPCT(value: MessageInit<RPCT>): NewBytes {
  const room = beginMessage();
  try {
    return newMessage($RPCT_SITES, room, $putRPCT(value, room, 0), value, $putRPCT);
  } catch (error) { throw abandonMessage(error, room, $RPCT_SITES); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeRPCTInto(value: MessageInit<RPCT>, bytes: Uint8Array, at = 0): number {
  const room = beginMessage();
  try {
    return placeMessage($RPCT_SITES, room, $putRPCT(value, room, 0), value, $putRPCT, bytes, at);
  } catch (error) { throw abandonMessage(error, room, $RPCT_SITES); }
}
function $takeRPCT$knows(tag: number): boolean {
  return tag === 8 || tag === 16;
}

const $RPC_SITES: Sites = {
  format: "transport.RPC",
  file: "rpc/rpc.proto",
  sites: [
    ["short", "", 43, ""],
    ["short", "meta", 44, ""],
    ["short", "sender", 46, ""],
    ["short", "payload", 47, ""],
    ["short", "key", 48, ""],
    ["short", "value", 49, ""],
    ["short", "nodes[*]", 50, ""],
    ["short", "requestID", 52, ""],
    ["short", "traceID", 53, ""],
  ],
};
const $RPC_NUMBERS: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8];
export interface RPC {
  readonly meta?: RPCT | undefined;
  /** Peers may leave it out. */
  readonly sender?: NodeInfo | undefined;
  readonly payload: Uint8Array;
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly nodes: readonly NodeInfo[];
  /** Older peers pass it over, and the next one. */
  readonly requestID: string;
  readonly traceID: string;
  /** Fields that the message does not know, as they were. */
  readonly $unknown?: Uint8Array | undefined;
}
function $takeRPC(bytes: Uint8Array, at: number, end: number): RPC | undefined {
  const first = at;
  let strange = 0;
  let $1: RPCT | undefined = undefined;
  let $2: NodeInfo | undefined = undefined;
  let $3 = 0, $3end = 0;
  let $4 = 0, $4end = 0;
  let $5 = 0, $5end = 0;
  const $6 = [] as NodeInfo[];
  let $7 = 0, $7end = 0;
  let $8 = 0, $8end = 0;
  while (at < end) {
    const from = at;
    let tag = bytes[at++]!;
    if (tag > 127) {
      tag = readTag(bytes, from, end);
      if (tag < 0) return refuseFault($RPC_SITES, 0 /* message */);
      at = cursor.at;
    }
    let stop = at;
    if ((tag & 7) === 2) {
      let size = at < end ? bytes[at]! : 128;
      if (size < 128) at++;
      else {
        size = readSize(bytes, at, end);
        if (size < 0) return refuseTagged($RPC_SITES, $RPC_NUMBERS, tag);
        at = cursor.at;
      }
      stop = at + size;
      if (stop > end) return refuseShort($RPC_SITES, $RPC_NUMBERS, tag, at, end);
    }
    switch (tag) {
      case 10: {
        if ($1 !== undefined && !canMerge($1)) return refuseItems($RPC_SITES, 1 /* meta */, from);
        $1 = $takeRPCT(bytes, at, stop, $1);
        if ($1 === undefined) return within($RPC_SITES, 1 /* meta */);
        at = stop;
        break;
      }
      case 18: {
        if ($2 !== undefined && !canMerge($2)) return refuseItems($RPC_SITES, 2 /* sender */, from);
        $2 = $takeNodeInfo(bytes, at, stop, $2);
        if ($2 === undefined) return within($RPC_SITES, 2 /* sender */);
        at = stop;
        break;
      }
      case 26: {
        $3 = at; $3end = stop; at = stop;
        break;
      }
      case 34: {
        $4 = at; $4end = stop; at = stop;
        break;
      }
      case 42: {
        $5 = at; $5end = stop; at = stop;
        break;
      }
      case 50: {
        if (--cursor.items < 0) return refuseItems($RPC_SITES, 6 /* nodes[*] */, from, $6.length);
        const item = $takeNodeInfo(bytes, at, stop);
        if (item === undefined) return within($RPC_SITES, 6 /* nodes[*] */, $6.length);
        $6.push(item);
        at = stop;
        break;
      }
      case 58: {
        if ($7end !== 0 && !isText(bytes, $7, $7end)) return refuseText($RPC_SITES, 7 /* requestID */, $7);
        $7 = at; $7end = stop; at = stop;
        break;
      }
      case 66: {
        if ($8end !== 0 && !isText(bytes, $8, $8end)) return refuseText($RPC_SITES, 8 /* traceID */, $8);
        $8 = at; $8end = stop; at = stop;
        break;
      }
      default: {
        if ((tag & 7) === 2 && tag > 7) at = stop;
        else if ((at = skipField(bytes, at, end, tag)) < 0) return refuseTagged($RPC_SITES, $RPC_NUMBERS, tag);
        strange += at - from;
      }
    }
  }
  const $7text = $7end === 0 ? "" : textAt(bytes, $7, $7end);
  if ($7text === undefined) return refuseText($RPC_SITES, 7 /* requestID */, $7);
  const $8text = $8end === 0 ? "" : textAt(bytes, $8, $8end);
  if ($8text === undefined) return refuseText($RPC_SITES, 8 /* traceID */, $8);
  return {
    meta: $1,
    sender: $2,
    payload: $3end === 0 ? NO_BYTES : viewAt($3, $3end),
    key: $4end === 0 ? NO_BYTES : viewAt($4, $4end),
    value: $5end === 0 ? NO_BYTES : viewAt($5, $5end),
    nodes: $6,
    requestID: $7end === 0 ? "" : $7text,
    traceID: $8end === 0 ? "" : $8text,
    $unknown: strange === 0 ? undefined : unknownIn(bytes, first, end, $takeRPC$knows, strange, undefined),
  };
}
function $putRPC(value: MessageInit<RPC>, bytes: Uint8Array, at: number): number {
  if (typeof value !== "object" || value === null) failKind($RPC_SITES, 0 /* message */, "an object", value);
  const $1 = value.meta;
  if ($1 !== undefined) {
    bytes[at++] = 10;
    try { at = putLength(bytes, at, $putRPCT($1, bytes, at + 1));
    } catch (error) { throw inside(error, $RPC_SITES, 1 /* meta */); }
  }
  const $2 = value.sender;
  if ($2 !== undefined) {
    bytes[at++] = 18;
    try { at = putLength(bytes, at, $putNodeInfo($2, bytes, at + 1));
    } catch (error) { throw inside(error, $RPC_SITES, 2 /* sender */); }
  }
  const $3 = value.payload;
  if ($3 !== undefined && ($3 === null || $3.length !== 0 || lengthOf($3) < 0)) {
    bytes[at++] = 26;
    if ((at = putBytes(bytes, at, $3)) < 0) failView($RPC_SITES, 3 /* payload */, $3);
  }
  const $4 = value.key;
  if ($4 !== undefined && ($4 === null || $4.length !== 0 || lengthOf($4) < 0)) {
    bytes[at++] = 34;
    if ((at = putBytes(bytes, at, $4)) < 0) failView($RPC_SITES, 4 /* key */, $4);
  }
  const $5 = value.value;
  if ($5 !== undefined && ($5 === null || $5.length !== 0 || lengthOf($5) < 0)) {
    bytes[at++] = 42;
    if ((at = putBytes(bytes, at, $5)) < 0) failView($RPC_SITES, 5 /* value */, $5);
  }
  const $6 = value.nodes;
  if ($6 !== undefined) {
    if (!Array.isArray($6)) failKind($RPC_SITES, 6 /* nodes[*] */, "a list", $6);
    for (let i = 0; i < $6.length; i++) {
      const item = $6[i]!;
      bytes[at++] = 50;
      try { at = putLength(bytes, at, $putNodeInfo(item, bytes, at + 1));
      } catch (error) { throw inside(error, $RPC_SITES, 6 /* nodes[*] */, i); }
    }
  }
  const $7 = value.requestID;
  if ($7 !== undefined && $7 !== "") {
    bytes[at++] = 58;
    if ((at = putText(bytes, at, $7)) < 0) failText($RPC_SITES, 7 /* requestID */, $7);
  }
  const $8 = value.traceID;
  if ($8 !== undefined && $8 !== "") {
    bytes[at++] = 66;
    if ((at = putText(bytes, at, $8)) < 0) failText($RPC_SITES, 8 /* traceID */, $8);
  }
  const $unknown = value.$unknown;
  return $unknown === undefined ? at : putUnknown($RPC_SITES, bytes, at, $unknown);
}
function $readRPC(bytes: Uint8Array, at: number, end: number, limits: MessageLimits | undefined): RPC | undefined {
  if (end > lengthOf(bytes) || at > end || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange($RPC_SITES, 0 /* message */, 0, bytes, at, end);
  if (!enterMessage($RPC_SITES, bytes, limits)) return undefined;
  const value = $takeRPC(bytes, at, end);
  leaveMessage();
  return value;
}
/** @throws WireError when the bytes are no transport.RPC. */
export function decodeRPC(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes), limits?: MessageLimits): RPC {
  return $readRPC(bytes, at, end, limits) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeRPC(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes),
    limits?: MessageLimits): Result<RPC> {
  const value = $readRPC(bytes, at, end, limits);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError when the value does not fit the message. */
export function rpcLength(value: MessageInit<RPC>): number {
  const room = beginMessage();
  try {
    return endMessage(room, $putRPC(value, room, 0));
  } catch (error) { throw abandonMessage(error, room, $RPC_SITES); }
}
/** @throws WireError when the value does not fit the message. */
export function encodeRPC(value: MessageInit<RPC>): NewBytes {
  const room = beginMessage();
  try {
    return newMessage($RPC_SITES, room, $putRPC(value, room, 0), value, $putRPC);
  } catch (error) { throw abandonMessage(error, room, $RPC_SITES); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeRPCInto(value: MessageInit<RPC>, bytes: Uint8Array, at = 0): number {
  const room = beginMessage();
  try {
    return placeMessage($RPC_SITES, room, $putRPC(value, room, 0), value, $putRPC, bytes, at);
  } catch (error) { throw abandonMessage(error, room, $RPC_SITES); }
}
/** 64-bit integers as bigint. */
export interface RPCBig {
  readonly meta?: RPCT | undefined;
  /** Peers may leave it out. */
  readonly sender?: NodeInfoBig | undefined;
  readonly payload: Uint8Array;
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly nodes: readonly NodeInfoBig[];
  /** Older peers pass it over, and the next one. */
  readonly requestID: string;
  readonly traceID: string;
  /** Fields that the message does not know, as they were. */
  readonly $unknown?: Uint8Array | undefined;
}
function $takeRPCBig(bytes: Uint8Array, at: number, end: number): RPCBig | undefined {
  const first = at;
  let strange = 0;
  let $1: RPCT | undefined = undefined;
  let $2: NodeInfoBig | undefined = undefined;
  let $3 = 0, $3end = 0;
  let $4 = 0, $4end = 0;
  let $5 = 0, $5end = 0;
  const $6 = [] as NodeInfoBig[];
  let $7 = 0, $7end = 0;
  let $8 = 0, $8end = 0;
  while (at < end) {
    const from = at;
    let tag = bytes[at++]!;
    if (tag > 127) {
      tag = readTag(bytes, from, end);
      if (tag < 0) return refuseFault($RPC_SITES, 0 /* message */);
      at = cursor.at;
    }
    let stop = at;
    if ((tag & 7) === 2) {
      let size = at < end ? bytes[at]! : 128;
      if (size < 128) at++;
      else {
        size = readSize(bytes, at, end);
        if (size < 0) return refuseTagged($RPC_SITES, $RPC_NUMBERS, tag);
        at = cursor.at;
      }
      stop = at + size;
      if (stop > end) return refuseShort($RPC_SITES, $RPC_NUMBERS, tag, at, end);
    }
    switch (tag) {
      case 10: {
        if ($1 !== undefined && !canMerge($1)) return refuseItems($RPC_SITES, 1 /* meta */, from);
        $1 = $takeRPCT(bytes, at, stop, $1);
        if ($1 === undefined) return within($RPC_SITES, 1 /* meta */);
        at = stop;
        break;
      }
      case 18: {
        if ($2 !== undefined && !canMerge($2)) return refuseItems($RPC_SITES, 2 /* sender */, from);
        $2 = $takeNodeInfoBig(bytes, at, stop, $2);
        if ($2 === undefined) return within($RPC_SITES, 2 /* sender */);
        at = stop;
        break;
      }
      case 26: {
        $3 = at; $3end = stop; at = stop;
        break;
      }
      case 34: {
        $4 = at; $4end = stop; at = stop;
        break;
      }
      case 42: {
        $5 = at; $5end = stop; at = stop;
        break;
      }
      case 50: {
        if (--cursor.items < 0) return refuseItems($RPC_SITES, 6 /* nodes[*] */, from, $6.length);
        const item = $takeNodeInfoBig(bytes, at, stop);
        if (item === undefined) return within($RPC_SITES, 6 /* nodes[*] */, $6.length);
        $6.push(item);
        at = stop;
        break;
      }
      case 58: {
        if ($7end !== 0 && !isText(bytes, $7, $7end)) return refuseText($RPC_SITES, 7 /* requestID */, $7);
        $7 = at; $7end = stop; at = stop;
        break;
      }
      case 66: {
        if ($8end !== 0 && !isText(bytes, $8, $8end)) return refuseText($RPC_SITES, 8 /* traceID */, $8);
        $8 = at; $8end = stop; at = stop;
        break;
      }
      default: {
        if ((tag & 7) === 2 && tag > 7) at = stop;
        else if ((at = skipField(bytes, at, end, tag)) < 0) return refuseTagged($RPC_SITES, $RPC_NUMBERS, tag);
        strange += at - from;
      }
    }
  }
  const $7text = $7end === 0 ? "" : textAt(bytes, $7, $7end);
  if ($7text === undefined) return refuseText($RPC_SITES, 7 /* requestID */, $7);
  const $8text = $8end === 0 ? "" : textAt(bytes, $8, $8end);
  if ($8text === undefined) return refuseText($RPC_SITES, 8 /* traceID */, $8);
  return {
    meta: $1,
    sender: $2,
    payload: $3end === 0 ? NO_BYTES : viewAt($3, $3end),
    key: $4end === 0 ? NO_BYTES : viewAt($4, $4end),
    value: $5end === 0 ? NO_BYTES : viewAt($5, $5end),
    nodes: $6,
    requestID: $7end === 0 ? "" : $7text,
    traceID: $8end === 0 ? "" : $8text,
    $unknown: strange === 0 ? undefined : unknownIn(bytes, first, end, $takeRPC$knows, strange, undefined),
  };
}
function $putRPCBig(value: MessageInit<RPCBig>, bytes: Uint8Array, at: number): number {
  if (typeof value !== "object" || value === null) failKind($RPC_SITES, 0 /* message */, "an object", value);
  const $1 = value.meta;
  if ($1 !== undefined) {
    bytes[at++] = 10;
    try { at = putLength(bytes, at, $putRPCT($1, bytes, at + 1));
    } catch (error) { throw inside(error, $RPC_SITES, 1 /* meta */); }
  }
  const $2 = value.sender;
  if ($2 !== undefined) {
    bytes[at++] = 18;
    try { at = putLength(bytes, at, $putNodeInfoBig($2, bytes, at + 1));
    } catch (error) { throw inside(error, $RPC_SITES, 2 /* sender */); }
  }
  const $3 = value.payload;
  if ($3 !== undefined && ($3 === null || $3.length !== 0 || lengthOf($3) < 0)) {
    bytes[at++] = 26;
    if ((at = putBytes(bytes, at, $3)) < 0) failView($RPC_SITES, 3 /* payload */, $3);
  }
  const $4 = value.key;
  if ($4 !== undefined && ($4 === null || $4.length !== 0 || lengthOf($4) < 0)) {
    bytes[at++] = 34;
    if ((at = putBytes(bytes, at, $4)) < 0) failView($RPC_SITES, 4 /* key */, $4);
  }
  const $5 = value.value;
  if ($5 !== undefined && ($5 === null || $5.length !== 0 || lengthOf($5) < 0)) {
    bytes[at++] = 42;
    if ((at = putBytes(bytes, at, $5)) < 0) failView($RPC_SITES, 5 /* value */, $5);
  }
  const $6 = value.nodes;
  if ($6 !== undefined) {
    if (!Array.isArray($6)) failKind($RPC_SITES, 6 /* nodes[*] */, "a list", $6);
    for (let i = 0; i < $6.length; i++) {
      const item = $6[i]!;
      bytes[at++] = 50;
      try { at = putLength(bytes, at, $putNodeInfoBig(item, bytes, at + 1));
      } catch (error) { throw inside(error, $RPC_SITES, 6 /* nodes[*] */, i); }
    }
  }
  const $7 = value.requestID;
  if ($7 !== undefined && $7 !== "") {
    bytes[at++] = 58;
    if ((at = putText(bytes, at, $7)) < 0) failText($RPC_SITES, 7 /* requestID */, $7);
  }
  const $8 = value.traceID;
  if ($8 !== undefined && $8 !== "") {
    bytes[at++] = 66;
    if ((at = putText(bytes, at, $8)) < 0) failText($RPC_SITES, 8 /* traceID */, $8);
  }
  const $unknown = value.$unknown;
  return $unknown === undefined ? at : putUnknown($RPC_SITES, bytes, at, $unknown);
}
function $readRPCBig(bytes: Uint8Array, at: number, end: number, limits: MessageLimits | undefined): RPCBig |
    undefined {
  if (end > lengthOf(bytes) || at > end || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange($RPC_SITES, 0 /* message */, 0, bytes, at, end);
  if (!enterMessage($RPC_SITES, bytes, limits)) return undefined;
  const value = $takeRPCBig(bytes, at, end);
  leaveMessage();
  return value;
}
/** @throws WireError when the bytes are no transport.RPC. */
export function decodeRPCBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes), limits?: MessageLimits): RPCBig {
  return $readRPCBig(bytes, at, end, limits) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeRPCBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes),
    limits?: MessageLimits): Result<RPCBig> {
  const value = $readRPCBig(bytes, at, end, limits);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError when the value does not fit the message. */
export function rpcBigLength(value: MessageInit<RPCBig>): number {
  const room = beginMessage();
  try {
    return endMessage(room, $putRPCBig(value, room, 0));
  } catch (error) { throw abandonMessage(error, room, $RPC_SITES); }
}
/** @throws WireError when the value does not fit the message. */
export function encodeRPCBig(value: MessageInit<RPCBig>): NewBytes {
  const room = beginMessage();
  try {
    return newMessage($RPC_SITES, room, $putRPCBig(value, room, 0), value, $putRPCBig);
  } catch (error) { throw abandonMessage(error, room, $RPC_SITES); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeRPCBigInto(value: MessageInit<RPCBig>, bytes: Uint8Array, at = 0): number {
  const room = beginMessage();
  try {
    return placeMessage($RPC_SITES, room, $putRPCBig(value, room, 0), value, $putRPCBig, bytes, at);
  } catch (error) { throw abandonMessage(error, room, $RPC_SITES); }
}
function $takeRPC$knows(tag: number): boolean {
  return tag === 10 || tag === 18 || tag === 26 || tag === 34 || tag === 42 || tag === 50 || tag === 58 || tag === 66;
}

