/** A handshake as a script: SPECWIRE_REWRITE=1 writes it anew. */
import { it } from "vitest";
import { BittrrtServer } from "../../../src/protocols/bittrrt/index.js";
import { checkScript } from "../../../src/testing/index.js";

it("a server shakes hands, with a port that is taken, and frees the ports of a silent client", () => {
  const script = new URL("scripts/handshake.script", import.meta.url);
  checkScript(script, (env) => new BittrrtServer({ portRanges: "7000-7009", bindHost: "server" }, env));
});
