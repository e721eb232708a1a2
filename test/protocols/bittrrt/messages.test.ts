/** The messages of the handshake. */
import { describe, expect, it } from "vitest";
import {
  tryReadHandshake,
  tryReadPorts,
  writeBandwidthRequest,
  writeHandshake,
  writeJson,
  writePorts,
} from "../../../src/protocols/bittrrt/index.js";
import { utf8 } from "./vectors.js";

const PUBLIC_KEY = Uint8Array.from({ length: 32 }, (_, i) => i);
const BASE64 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const PORTS = { ctrl: 6712, up: 6713, down: 65_535 };

describe("messages of the handshake", () => {
  it("are encoded as Python encodes JSON", () => {
    const message = { command: "connect", publicKey: PUBLIC_KEY } as const;
    expect(writeHandshake(message)).toBe(`{"cmd": "connect", "pubkey": "${BASE64}"}`);
    expect(writeHandshake({ command: "error", message: "no" })).toBe('{"cmd": "error", "message": "no"}');
    expect(new TextDecoder().decode(writePorts(PORTS))).toBe(
      '{"cmd": "ports", "ctrl_port": 6712, "up_port": 6713, "dn_port": 65535}',
    );
    expect(new TextDecoder().decode(writeBandwidthRequest(30))).toBe('{"bwup": 30}');
  });

  it("are decoded, also compact and with unknown members", () => {
    for (const text of [
      writeHandshake({ command: "connected", publicKey: PUBLIC_KEY }),
      `{"pubkey":"${BASE64}","cmd":"connected","x":[1]}`,
      `{"x": [NaN, -Infinity, "NaN", "\\"Infinity"], "cmd": "connected", "pubkey": "${BASE64}", "y": Infinity}`,
      `{"cmd": "connected", "pubkey": " ${BASE64}\\n"}`,
    ]) {
      expect(tryReadHandshake(text)).toEqual({ ok: true, value: { command: "connected", publicKey: PUBLIC_KEY } });
    }
    expect(tryReadHandshake('{"cmd":"error","message":"no"}')).toMatchObject({ ok: true, value: { message: "no" } });
    expect(tryReadPorts(writePorts(PORTS))).toEqual({ ok: true, value: PORTS });
  });

  it.each([
    "",
    "null",
    "[]",
    '"connect"',
    "{",
    "{}",
    '{"cmd":"disconnect"}',
    '{"cmd":"connect"}',
    '{"cmd":"connect","pubkey":1}',
    `{"cmd":"connect","pubkey":"${BASE64.slice(0, -1)}"}`,
    `{"cmd":"connect","pubkey":"${BASE64.slice(4)}"}`,
    '{"cmd":"connect","pubkey":""}',
    `{"cmd":"connect","pubkey":"${BASE64}ü"}`,
    `{"cmd":"connect","pubkey":"\\u00e9${BASE64}"}`,
    `{"cmd":"connect","pubkey":NaN}`,
    `{"cmd":"connect","pubkey":"${BASE64}","x":-NaN}`,
    `{"cmd":"connect","pubkey":"${BASE64}","x":nullNaN}`,
    '{"NaN":"' + '\\"'.repeat(30_000),
    '{"cmd":"error"}',
    '{"cmd":"error","message":null}',
    "[".repeat(60_000),
  ])("%j is refused", (text) => {
    expect(tryReadHandshake(text)).toMatchObject({ ok: false, error: { code: "text" } });
  });

  it.each([
    "",
    "[]",
    '{"cmd":"port"}',
    '{"cmd":"ports"}',
    '{"cmd":"ports","ctrl_port":1,"up_port":2}',
    '{"cmd":"ports","ctrl_port":1,"up_port":2,"dn_port":null}',
    '{"cmd":"ports","ctrl_port":1,"up_port":2,"dn_port":"3"}',
    '{"cmd":"ports","ctrl_port":1,"up_port":2,"dn_port":99999}',
    '{"cmd":"ports","ctrl_port":0,"up_port":2,"dn_port":3}',
    '{"cmd":"ports","ctrl_port":1.5,"up_port":2,"dn_port":3}',
    '{"cmd":"ports","ctrl_port":2,"up_port":2,"dn_port":3}',
  ])("ports %j are refused", (text) => {
    expect(tryReadPorts(utf8(text))).toMatchObject({ ok: false, error: { code: "text" } });
  });

  it("with ports are refused if they are not UTF-8", () => {
    expect(tryReadPorts(Uint8Array.of(0xff))).toMatchObject({ ok: false, error: { code: "text" } });
  });
});

describe("JSON", () => {
  it("is ASCII, with spaces behind commas and colons", () => {
    expect(writeJson({ a: [1, true, null, -0.5], ü: '\u007f\n"\\😀', b: {} })).toBe(
      '{"a": [1, true, null, -0.5], "\\u00fc": "\\u007f\\n\\"\\\\\\ud83d\\ude00", "b": {}}',
    );
  });
});
