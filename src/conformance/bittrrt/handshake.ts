import { TokenKey } from "../../protocols/bittrrt/index.js";
import { differences } from "../verdict.js";
import { refusalOf, sameness, type Kinds } from "./outcomes.js";

/** The tokens of the handshake. */
export const HANDSHAKE_KINDS: Kinds = {
  handshake: (vector) => {
    const inputs = vector.get("inputs");
    const key = new TokenKey(inputs.get("fernet_key").text());
    // The reference masks it to 64 bits.
    const counter = BigInt.asUintN(64, inputs.get("salt_counter").bigint());
    const unixSeconds = inputs.get("unix_seconds").bigint();
    const text = inputs.get("text").text();
    const output = vector.get("output_hex").bytes();
    const datagram = key.seal({ counter, unixSeconds, iv: inputs.get("iv_hex").bytes(), text });
    const opened = key.tryOpen(output);
    const read = opened.ok ? { ...opened.value, counter: `${opened.value.counter}` } : opened.error;
    return [
      ...differences("datagram", output, datagram),
      ...sameness("opened", text, opened.ok ? opened.value.text : read),
      ...sameness("counter", `${counter}`, opened.ok ? `${opened.value.counter}` : read),
      ...sameness("time", `${unixSeconds}`, opened.ok ? `${opened.value.unixSeconds}` : read),
    ];
  },
  handshake_decrypt: (vector) => {
    const inputs = vector.get("inputs");
    const token = new TextEncoder().encode(inputs.get("token").text());
    const opened = new TokenKey(inputs.get("fernet_key").text()).tryOpen(token);
    const expected = vector.get("decoded").get("ok");
    if (!expected.exists) return refusalOf(vector, !opened.ok, "token");
    const differing = sameness("opened", expected.text(), opened.ok ? opened.value.text : opened.error);
    return differing.length === 0 ? "client" : differing;
  },
};
