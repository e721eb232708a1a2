/** The messages of the handshake. */
import type { NewBytes } from "../../bytes/index.js";
import { argumentError, type Result } from "../../errors.js";
import { readBase64url, writeBase64url } from "./base64url.js";
import { readJsonObject, writeJson } from "./json.js";
import { X25519_BYTES } from "./keys.js";
import { utf8 } from "./token.js";

/** A request for ports. A client repeats it at the main port until `ports` arrives. */
export interface Connect {
  readonly command: "connect";
  /** The public key of the client, 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** The answer of a server to every `connect`. */
export interface Connected {
  readonly command: "connected";
  /** The public key of the server, 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** The answer of a server that has no ports left. */
export interface Refusal {
  readonly command: "error";
  readonly message: string;
}

/** The content of a handshake token. */
export type HandshakeMessage = Connect | Connected | Refusal;

/** The ports at which a server expects the frames of one client. A sealed frame with them ends the handshake. */
export interface Ports {
  readonly ctrl: number;
  readonly up: number;
  readonly down: number;
}

/** The message of the reference when it has fewer than three ports left. */
export const NO_PORTS_MESSAGE = "Not enough available ports for Client (need >=3).";
/** The payload of an acknowledgement. */
export const ACK_PAYLOAD: readonly number[] = /* @__PURE__ */ Object.freeze([0x41, 0x43, 0x4b]);
/** The highest port. */
export const PORT_MAX = 65_535;

/** Encodes a message as the JSON of a token, spaced as the reference does. */
export function writeHandshake(message: HandshakeMessage): string {
  const { command: cmd } = message;
  if (cmd === "error") return writeJson({ cmd, message: message.message });
  return writeJson({ cmd, pubkey: new TextDecoder().decode(writeBase64url(message.publicKey)) });
}

/** Decodes the JSON of a token. A public key is 32 bytes in base64url with padding. */
export function tryReadHandshake(text: string): Result<HandshakeMessage> {
  const members = readJsonObject(text);
  if (members === undefined) return refused("", "a JSON object");
  const command = members.get("cmd");
  if (command === "error") {
    const message = members.get("message");
    return typeof message === "string"
      ? { ok: true, value: { command, message } }
      : refused("message", "a text", message);
  }
  if (command !== "connect" && command !== "connected") return refused("cmd", "connect, connected or error", command);
  const pubkey = members.get("pubkey");
  // Python's base64 skips foreign characters, but refuses any that are not ASCII.
  const isAscii = typeof pubkey === "string" && !/[^\0-\x7f]/.test(pubkey);
  const publicKey = isAscii ? readBase64url(new TextEncoder().encode(pubkey)) : undefined;
  if (publicKey?.length === X25519_BYTES) return { ok: true, value: { command, publicKey } };
  return refused("pubkey", `base64url of ${X25519_BYTES} bytes, with padding`, pubkey);
}

/** The plaintext of the frame that tells a client its ports. All fields of its header are 0. */
export function writePorts({ ctrl, up, down }: Ports): NewBytes {
  return encode(writeJson({ cmd: "ports", ctrl_port: ctrl, up_port: up, dn_port: down }));
}

/** Decodes the ports of a client: three different whole numbers from 1 to 65,535. */
export function tryReadPorts(plaintext: Uint8Array): Result<Ports> {
  const text = utf8(plaintext);
  const members = text === undefined ? undefined : readJsonObject(text);
  if (members === undefined) return refused("", "a JSON object");
  if (members.get("cmd") !== "ports") return refused("cmd", "ports", members.get("cmd"));
  const names = ["ctrl_port", "up_port", "dn_port"] as const;
  const wrong = names.find((name) => !isPort(members.get(name)));
  if (wrong !== undefined) return refused(wrong, `a port of 1 to ${PORT_MAX}`, members.get(wrong));
  const [ctrl, up, down] = names.map((name) => Number(members.get(name))) as [number, number, number];
  if (new Set([ctrl, up, down]).size < 3) return refused("", "three different ports");
  return { ok: true, value: { ctrl, up, down } };
}

/**
 * The plaintext of a control message that asks for a measurement of bandwidth. The reference acknowledges it and does
 * nothing else.
 * @throws WireError `argument` for a time that is negative or not finite
 */
export function writeBandwidthRequest(seconds: number): NewBytes {
  if (!Number.isFinite(seconds) || seconds < 0) {
    const expected = "a number of at least 0";
    throw argumentError("bittrrt_message", "seconds", expected);
  }
  return encode(writeJson({ bwup: seconds }));
}

/** Whether a value is a port that can be bound. */
export function isPort(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= PORT_MAX;
}

function encode(text: string): NewBytes {
  return new TextEncoder().encode(text);
}

function refused(path: string, expected: string, value?: unknown): Result<never> {
  // The type alone: a peer's value can be long.
  const actual = value === undefined ? undefined : typeof value;
  return { ok: false, error: { code: "text", format: "bittrrt_message", path, expected, actual } };
}
