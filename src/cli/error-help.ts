/** What every error code means to who meets it: where it comes from, and what helps. */
import type { WireErrorCode } from "../errors.js";

/** The help of one code. */
export interface ErrorHelp {
  /** Who refuses what. */
  readonly group: "bytes" | "values" | "calls" | "stores" | "specs";
  /** How it comes about. */
  readonly cause: string;
  /** What to do. */
  readonly cure: string;
}

/** The help of every code: the documents and `specwire explain` show it. */
export const ERROR_HELP: Readonly<Record<WireErrorCode, ErrorHelp>> = {
  short: {
    group: "bytes",
    cause: "The bytes end inside a value: a frame was cut, or a length field says more than there is.",
    cure: "On a stream, wait for the rest: `peekTLength` tells the length, `FrameReader` cuts frames.",
  },
  trailing: {
    group: "bytes",
    cause: "Bytes follow the value: two frames in one buffer, or another version of the format.",
    cure: "Pass the end of the value, `decodeT(bytes, at, end)`, or allow more by `-open` in the spec.",
  },
  constant: {
    group: "bytes",
    cause: "A magic number or a reserved field has another value: another format, or a wrong offset.",
    cure: "Look at the bytes at `offset` by `specwire decode`; the spec line says what is expected.",
  },
  enum: {
    group: "bytes",
    cause: "A field has a number that its enumeration lacks, and the spec says `valid: {in-enum: true}`.",
    cure: "Add the value to the spec, or drop `in-enum` where later versions may add values.",
  },
  range: {
    group: "bytes",
    cause: "A number is outside of what its field or its rule (`valid`) takes, read or written.",
    cure: "`expected` has the range. When writing, check the value; when reading, the peer or the rule is wrong.",
  },
  count: {
    group: "bytes",
    cause: "A list or a run of bytes has fewer or more items than a rule, a bitmap or a parameter says.",
    cure: "Pass as many items as the other field says; `-min` and `-max` of the spec are the bounds.",
  },
  divisible: {
    group: "bytes",
    cause: "What is left is no whole number of items of a fixed size.",
    cure: "Check that a frame was neither cut nor joined with another one.",
  },
  crc: {
    group: "bytes",
    cause: "A checksum does not match what it covers: damage, another polynomial, or other bytes covered.",
    cure: "Drop the frame and wait for it again. If every frame fails, compare the span of `-derive` with the sender's.",
  },
  "unsafe-integer": {
    group: "bytes",
    cause: "An integer of 64 bits is above 2^53-1, which a number cannot hold exactly.",
    cure: "Use the form with bigints, `decodeTBig`, or `-u64: bigint` in the spec.",
  },
  padding: {
    group: "bytes",
    cause: "Bits or bytes that carry nothing are not zero.",
    cure: "If the sender leaves anything there, say so by `-open` in the spec.",
  },
  text: {
    group: "bytes",
    cause: "The bytes are no text in the encoding of the field.",
    cure: "Choose the right `encoding`, or read the field as bytes.",
  },
  tag: {
    group: "bytes",
    cause: "The tag of a sealed message does not match: a wrong key, nonce or header, or somebody changed it.",
    cure: "Drop the message. If all fail, compare key, nonce and additional data at both ends.",
  },
  length: {
    group: "values",
    cause: "A field of a fixed or given size gets bytes of another length.",
    cure: "`expected` has the length; pad or cut before you encode.",
  },
  kind: {
    group: "values",
    cause: "A choice has no such case: an unknown `kind` of a value, or an unknown number on the wire.",
    cure: "Use a `kind` of the union; for unknown numbers add a case `_` to the spec.",
  },
  space: {
    group: "values",
    cause: "The target of an `…Into` is too small.",
    cure: "Make it `T_SIZE` or `tLength(value)` bytes long, or use `encodeT`, which makes its own.",
  },
  argument: {
    group: "values",
    cause: "An option or a parameter of a call is of a wrong type, out of its range, or unknown.",
    cure: "`path` names it, `expected` says what is taken. No other call is affected.",
  },
  limit: {
    group: "values",
    cause: "A ceiling was reached: bytes of a frame, open calls, links, waiting datagrams.",
    cure: "`path` or `expected` name the limit. Ask for less at a time, or raise it: docs/limits.md.",
  },
  timeout: {
    group: "calls",
    cause: "No answer came before the deadline.",
    cure: "Repeat what may be repeated, or give more time by `timeoutMs`. It may have taken effect unless a README says more.",
  },
  cancelled: {
    group: "calls",
    cause: "The signal was aborted, or the host was stopped.",
    cure: "Nothing is wrong; what had begun may have taken effect.",
  },
  closed: {
    group: "calls",
    cause: "The link ended before the answer: the peer closed it, crashed, or was told to.",
    cure: "Ask again over a new link if the request may be repeated; `actual` has the reason where there is one.",
  },
  unreachable: {
    group: "calls",
    cause:
      "No connection: nobody listens there, the name is unknown, or the network is down. Or of the servers of a DHT " +
      "none has answered, or too few have stored a value.",
    cure:
      "Check address and port; nothing was sent, so any request may be repeated. Of a value `actual` has how many have " +
      "it: to store it again does no harm.",
  },
  certificate: {
    group: "calls",
    cause: "The peer's certificate is expired, of another authority, or of another name than expected.",
    cure: "`actual` has the reason. Give the right `authorities`, or expect the name that it has.",
  },
  credentials: {
    group: "calls",
    cause:
      "The peer does not take our certificate: missing, expired, or of an authority that it does not know; or not our " +
      "name and password.",
    cure: "Give the certificate and key, or the name and password, that the peer was told of. `reload` replaces certificates without a restart.",
  },
  negotiation: {
    group: "calls",
    cause: "Both ends share no version or cipher of TLS, or the peer speaks another protocol.",
    cure: "Check that the port is the right one and that `minVersion` is offered by the peer.",
  },
  undecryptable: {
    group: "calls",
    cause: "An answer is genuine, and its sender encrypted it so that nobody can read it.",
    cure: "Use another type of encryption with this peer; its README says which.",
  },
  unproven: {
    group: "calls",
    cause: "An answer does not repeat what only the peer asked could know, or its blocks do not follow from ours.",
    cure: "Somebody else may have answered: ask again, and another peer.",
  },
  status: {
    group: "calls",
    cause: "The peer has understood, and answered with an error.",
    cure: "`actual` has its name or number; the README of the protocol says what it means.",
  },
  storage: {
    group: "stores",
    cause: "The disk refused: full, no permission, damaged, or another process has the lock. Or a host has no disk.",
    cure: "`path` has the file and `actual` the reason (ENOSPC, EACCES). Nothing of a failed store has taken effect.",
  },
  fault: {
    group: "calls",
    cause: "A machine threw or broke its contract: a mistake in a program, not in its input.",
    cure: "The stack is in `cause`, and on standard error once. Record a trace and report it, if the machine is ours.",
  },
  uncertain: {
    group: "calls",
    cause: "Nobody knows whether the change took effect: the answer was lost with the member that carried it out.",
    cure: "Read the state before you repeat, or repeat in a session, where a command is executed once.",
  },
  missing: {
    group: "stores",
    cause: "There is nothing of that name or hash.",
    cure: "List what is there: `specwire store ls`, `specwire formats`.",
  },
  expired: {
    group: "stores",
    cause: "The time to live of a file or a value has passed.",
    cure: "Store it again; `ttlSeconds` says for how long.",
  },
  spec: {
    group: "specs",
    cause: "A spec says something that is wrong, ambiguous, or not supported.",
    cure: "Each line has file, line and what helps; spec/KEYS.md has the language.",
  },
};
