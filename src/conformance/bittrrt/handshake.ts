/** Recorded handshake tokens. */
import { TokenKey } from "../../protocols/bittrrt/index.js";
import { differences } from "../verdict.js";
import { refusalOf, valueDifferences, type Players } from "./players.js";

/** Plays handshake tokens. */
export const HANDSHAKE_PLAYERS: Players = {
  handshake: (vector) => {
    const inputs = vector.get("inputs");
    const key = new TokenKey(inputs.get("fernet_key").text());
    // The reference masks the counter to 64 bits.
    const counter = BigInt.asUintN(64, inputs.get("salt_counter").bigint());
    const unixSeconds = inputs.get("unix_seconds").bigint();
    const text = inputs.get("text").text();
    const output = vector.get("output_hex").bytes();
    const datagram = key.seal({ counter, unixSeconds, iv: inputs.get("iv_hex").bytes(), text });
    const opened = key.tryOpen(output);
    const read = opened.ok ? { ...opened.value, counter: `${opened.value.counter}` } : opened.error;
    return [
      ...differences("datagram", output, datagram),
      ...valueDifferences("opened", text, opened.ok ? opened.value.text : read),
      ...valueDifferences("counter", `${counter}`, opened.ok ? `${opened.value.counter}` : read),
      ...valueDifferences("time", `${unixSeconds}`, opened.ok ? `${opened.value.unixSeconds}` : read),
    ];
  },
  handshake_decrypt: (vector) => {
    const inputs = vector.get("inputs");
    const token = new TextEncoder().encode(inputs.get("token").text());
    const opened = new TokenKey(inputs.get("fernet_key").text()).tryOpen(token);
    const expected = vector.get("decoded").get("ok");
    if (!expected.exists) return refusalOf(vector, !opened.ok, "token");
    const found = valueDifferences("opened", expected.text(), opened.ok ? opened.value.text : opened.error);
    return found.length === 0 ? "client" : found;
  },
};
