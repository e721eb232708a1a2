/** Opens endpoints with a spy, closed after each test. */
import { afterEach } from "vitest";
import { DEFAULT_LIMITS, type Limits } from "../../src/limits.js";
import type { Endpoint, Transport } from "../../src/transport/index.js";
import { ReceiverSpy } from "./spies.js";

/** A spy that copies datagrams, and echoes them if `echo` is set. */
export class EchoSpy extends ReceiverSpy {
  echo: Endpoint | undefined;
  override datagram(peer: string, bytes: Uint8Array): void {
    super.datagram(peer, bytes.slice());
    this.echo?.send(peer, bytes.slice());
  }
}

const opened: Endpoint[] = [];
afterEach(async () => void (await Promise.all(opened.splice(0).map((endpoint) => endpoint.close()))));

/** An endpoint for the current test, which is closed after it, and its spy. */
export function open(transport: Transport, limits: Partial<Limits> = {}): { endpoint: Endpoint; spy: EchoSpy } {
  const spy = new EchoSpy();
  const endpoint = transport.open(spy, { ...DEFAULT_LIMITS, ...limits });
  opened.push(endpoint);
  return { endpoint, spy };
}
