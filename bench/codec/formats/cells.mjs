/** Codecs of formats that others bring: the specs of examples/specs/ against the readers that people make of them. */
import { dnsCell } from "./dns.mjs";
import { mqttCell } from "./mqtt.mjs";
import { pcapCell } from "./pcap.mjs";
import { pngCell } from "./png.mjs";
import { tlvCell } from "./tlv.mjs";

// None of the rivals writes what it reads, so there is nothing to compare the encoders with.
export const cells = [await pcapCell(), await pngCell(), await dnsCell(), await mqttCell(), await tlvCell()];
