/** What the DHT costs: its routing table against k-bucket, and values stored and found against js-libp2p. */
import { tableCells } from "./table.mjs";
import { absentCells, valueCells } from "./values.mjs";

export const cells = [...tableCells(), ...valueCells()];
export const absent = absentCells();
