/** Emits batch codecs: records of fixed size as columns. */
import type { BytesField, Field, FixedBlock, IntField } from "../ir.js";
import { camel } from "../names.js";
import type { ReadStep } from "../plan/plan.js";
import { planRead } from "../plan/read.js";
import { type Code, pos, type Cursor } from "./code.js";
import { visible, type Form } from "./form.js";
import { breachTest, halves, isWide, misfit, readInteger, ruleTests, wideForm, writeInteger } from "./integers.js";
import { localOf } from "./paths.js";
import { wordGroups } from "./word-stores.js";

const ROW: Cursor = { base: "at", add: 0 };

/**
 * Emits the batch codec of a record of fixed size: columns of numbers are typed arrays; a byte field is a
 * column that points into the bytes it was read from. Rows are tested together, one test at the end of
 * the loop; only a batch that fails is searched for the row.
 */
export function emitColumns(form: Form, code: Code): void {
  const block = form.blocks[0] as FixedBlock;
  const fields = block.fields;
  const { name, scope, sites, formatRead, type } = form;
  const factory = `${camel(type.name)}${form.big ? "Big" : ""}Columns`;

  code.doc(`Rows of ${type.name}, a column a field.`);
  code.block(`export interface ${name}Columns`, () => {
    code.line("length: number;");
    for (const field of visible(fields))
      code.doc(field.doc).line(`readonly ${camel(field.name)}: ${columnType(form, field)};`);
  });
  code.doc("Columns with room for `rows` rows.");
  code.block(`export function ${factory}(rows: number): ${name}Columns`, () => {
    const parts = visible(fields).map((field) =>
      field.kind === "bytes"
        ? `${camel(field.name)}: ${scope.use("bytesColumn")}(${field.size}, rows)`
        : `${camel(field.name)}: new ${columnType(form, field)}(rows)`,
    );
    code.line(`return { length: 0, ${parts.join(", ")} };`);
  });

  const first = visible(fields).find((field): field is IntField => field.kind === "int");
  const rows = first === undefined ? "n" : `columns.${camel(first.name)}.length`;
  const integers = fields.filter((field): field is IntField => field.kind === "int");
  const held = visible(fields).filter((field): field is BytesField => field.kind === "bytes");

  code.doc(
    `Reads \`n\` rows that follow each other from \`at\`.`,
    held.length > 0 ? "Byte columns then point into the view's buffer." : "",
    "@throws WireError `short`, `space`, or the rule that a row breaks",
  );
  code.block(
    `export function decode${name}Columns(view: DataView, at: number, n: number, columns: ${name}Columns): void`,
    () => {
      code.line(`if (n >>> 0 !== n) ${scope.use("failRows")}(${formatRead}, "", ${rows}, n);`);
      code.line(`require${name}Columns(columns, n);`);
      const short = sites.add("short", "", type, `${block.size} bytes a row`);
      code.line(
        `if (at >>> 0 !== at || view.byteLength - at < n * ${block.size}) ${scope.use("fail")}(${short}, at, \`\${view.byteLength - at} bytes\`);`,
      );
      for (const field of integers)
        if (visible([field]).length > 0) code.line(`const ${camel(field.name)}Column = columns.${camel(field.name)};`);
      if (held.length > 0) code.line("const source = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);");
      for (const field of held) {
        const column = `columns.${camel(field.name)}`;
        code.line(
          `${column}.bytes = source; ${column}.at = ${pos(ROW, field.offset)}; ${column}.stride = ${block.size};`,
        );
      }
      const tests = testsOf(form);
      const tested = [...tests.values()].some((own) => own.length > 0);
      if (tested) code.line("let bad = 0;").line("const start = at;");
      code.block(`for (let i = 0; i < n; i++, at += ${block.size})`, () => {
        emitRow(form, code, fields, tests);
      });
      if (tested) {
        code.block("if (bad !== 0)", () => {
          code.line("const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);");
          code.line(
            `for (let i = 0, p = start; i < n; i++, p += ${block.size}) if (check${name}(bytes, p, p + ${block.size}) === undefined) ${scope.use("raise")}();`,
          );
        });
      }
      code.line("columns.length = n;");
    },
  );

  emitEncodeColumns(form, code, block, rows);
  emitColumnChecks(form, code, fields);
}

/**
 * Each column must be of its class and have `n` rows: what a shorter or wider one holds would be written as zeros, or
 * cut. A function of its own, so that those with the loops stay small.
 */
function emitColumnChecks(form: Form, code: Code, fields: readonly Field[]): void {
  const { name, scope, formatRead } = form;
  const rows = visible(fields).some((field) => field.kind !== "bytes") ? "n" : "_n";
  code.block(`function require${name}Columns(columns: ${name}Columns, ${rows}: number): void`, () => {
    for (const field of visible(fields)) {
      const column = `${JSON.stringify(camel(field.name))}, columns.${camel(field.name)}`;
      if (field.kind === "bytes") {
        code.line(`${scope.use("requireColumn")}(${formatRead}, ${column}, ${field.size});`);
      } else {
        code.line(`${scope.use("requireNumbers")}(${formatRead}, ${column}, "${columnType(form, field)}", n);`);
      }
    }
  });
}

/** Tests of one row as expressions that are not zero when the row is bad, by the name of their field. */
type RowTests = ReadonlyMap<string, readonly string[]>;

/** What the plan of the record asks of a row. */
function testsOf(form: Form): RowTests {
  const tests = new Map<string, string[]>();
  for (const step of planRead(form.blocks, (ref) => form.scope.layout(ref)).steps) {
    const of = "slot" in step ? step.slot.of : "otherwise" in step ? step.otherwise.path : "";
    tests.set(of, [...(tests.get(of) ?? []), ...rowTests(step, form.big)]);
  }
  return tests;
}

function rowTests(step: ReadStep, big: boolean): string[] {
  switch (step.step) {
    case "match":
      return step.bytes.map((byte, i) => `(view.getUint8(${pos(ROW, step.at.plus + i)}) ^ ${byte})`);
    case "load": {
      const { field } = step;
      if (field.kind !== "int" || !isWide(field) || wideForm(field, big) === "bigint") return [];
      const local = localOf(camel(field.name));
      return [field.signed ? `(Number.isSafeInteger(${local}) ? 0 : 1)` : `(${local}$high & 0xffe00000)`];
    }
    case "test": {
      const field = step.field as IntField;
      const suffix = isWide(field) && wideForm(field, big) === "bigint" ? "n" : "";
      return step.breaches.map((breach) => `(${breachTest(breach, localOf(camel(field.name)), suffix)} ? 1 : 0)`);
    }
    default:
      throw new TypeError(`a record of columns has no ${step.step}`);
  }
}

/** Reads one row. Unsigned integers that share four aligned bytes are taken from one load. */
function emitRow(form: Form, code: Code, fields: readonly Field[], tests: RowTests): void {
  const words = wordGroups(fields);
  const done = new Set<Field>();
  const testsIn = ({ name }: Field): readonly string[] => tests.get(name) ?? [];
  for (const group of words) {
    const word = `word${group[0]!.offset}`;
    code.line(`const ${word} = view.getUint32(${pos(ROW, group[0]!.offset)});`);
    let used = 0;
    for (const field of group) {
      used += field.size * 8;
      const shifted = used === 32 ? word : `(${word} >>> ${32 - used})`;
      const value =
        used - field.size * 8 === 0 ? `${word} >>> ${32 - used}` : `${shifted} & ${2 ** (field.size * 8) - 1}`;
      emitCell(code, field, value, testsIn(field));
      done.add(field);
    }
  }
  for (const field of fields) {
    if (field.kind === "const") code.line(`bad |= ${testsIn(field).join(" | ")};`);
    if (field.kind !== "int" || done.has(field)) continue;
    const wide = wideForm(field, form.big);
    if (isWide(field) && wide === "number" && !field.signed) {
      const local = `$${camel(field.name)}`;
      const { high, low } = halves("view", field, ROW);
      code.line(`const ${local}$high = ${high};`);
      emitCell(code, field, `${local}$high * 4294967296 + ${low}`, testsIn(field));
    } else {
      emitCell(code, field, readInteger("view", field, ROW, wide), testsIn(field));
    }
  }
}

function emitCell(code: Code, field: IntField, value: string, tests: readonly string[]): void {
  const column = visible([field]).length > 0 ? `${camel(field.name)}Column[i]` : null;
  const local = `$${camel(field.name)}`;
  const needsLocal = tests.some((test) => test.includes(`${local} `) || test.includes(`${local})`)) || column === null;
  if (needsLocal) code.line(`const ${local} = ${value};`);
  if (tests.length > 0) code.line(`bad |= ${tests.join(" | ")};`);
  if (column !== null) code.line(`${column} = ${needsLocal ? local : value};`);
}

function emitEncodeColumns(form: Form, code: Code, block: FixedBlock, rows: string): void {
  const { name, scope, formatWritten } = form;
  code.doc("Writes the first `n` rows one after the other from `at`. @returns the position behind the last");
  code.block(
    `export function encode${name}Columns(columns: ${name}Columns, n: number, view: DataView, at: number): number`,
    () => {
      code.line(`if (n >>> 0 !== n) ${scope.use("failRows")}(${formatWritten}, "", ${rows}, n);`);
      code.line(`require${name}Columns(columns, n);`);
      code.line(
        `if (at >>> 0 !== at || view.byteLength - at < n * ${block.size}) ${scope.use("failSpace")}(${formatWritten}, n * ${block.size}, view, at);`,
      );
      for (const field of visible(block.fields)) {
        const column = `${camel(field.name)}Column`;
        code.line(`const ${column} = columns.${camel(field.name)};`);
        if (field.kind === "bytes") {
          const path = JSON.stringify(camel(field.name));
          code.line(`${scope.use("requireRows")}(${formatWritten}, ${path}, ${column}, n);`);
          code.line(`const ${column}Bytes = ${column}.bytes, ${column}Stride = ${column}.stride;`);
          code.line(`let ${column}At = ${column}.at;`);
        }
      }
      code.block(`for (let i = 0; i < n; i++, at += ${block.size})`, () => {
        for (const field of block.fields) emitStore(form, code, field);
      });
      code.line("return at;");
    },
  );
}

function emitStore(form: Form, code: Code, field: Field): void {
  const { scope, written } = form;
  if (field.kind === "const") {
    field.bytes.forEach((byte, i) => code.line(`view.setUint8(${pos(ROW, field.offset + i)}, ${byte});`));
    return;
  }
  if (field.kind === "bytes") {
    const column = `${camel(field.name)}Column`;
    let i = 0;
    const byte = (k: number): string => `${column}Bytes[${pos({ base: `${column}At`, add: k })}]!`;
    for (; i + 4 <= field.size; i += 4) {
      code.line(
        `view.setUint32(${pos(ROW, field.offset + i)}, (${byte(i)} << 24) | (${byte(i + 1)} << 16) | (${byte(i + 2)} << 8) | ${byte(i + 3)});`,
      );
    }
    for (; i < field.size; i++) code.line(`view.setUint8(${pos(ROW, field.offset + i)}, ${byte(i)});`);
    code.line(`${column}At += ${column}Stride;`);
    return;
  }
  if (field.kind !== "int") return;
  const local = `$${camel(field.name)}`;
  const wide = wideForm(field, form.big);
  const source =
    visible([field]).length > 0
      ? `${camel(field.name)}Column[i]!`
      : `${field.rule!.min}${isWide(field) && wide === "bigint" ? "n" : ""}`;
  code.line(`const ${local} = ${source};`);
  // A typed array holds whole numbers of its width; only columns that are wider than their field can misfit.
  const widerThanField = field.size === 3 || (isWide(field) && wide === "number");
  const tests = [
    ...(widerThanField && visible([field]).length > 0 ? [misfit(field, local, wide)] : []),
    ...(visible([field]).length > 0 ? ruleTests(field, local, wide).map((t) => t.test) : []),
  ];
  if (tests.length > 0) {
    const site = written.add(
      "range",
      `[*].${camel(field.name)}`,
      field,
      "a value that the field can hold",
      field.secret,
    );
    code.line(`if (${tests.join(" || ")}) ${scope.use("fail")}(${site}, ${pos(ROW, field.offset)}, ${local}, i);`);
  }
  for (const line of writeInteger("view", field, ROW, local, wide)) code.line(line);
}

function columnType(form: Form, field: Field): string {
  if (field.kind === "bytes") return form.scope.use("BytesColumn");
  if (field.kind !== "int") throw new TypeError(`${form.type.format}: columns hold integers and bytes only`);
  if (isWide(field))
    return wideForm(field, form.big) === "bigint"
      ? field.signed
        ? "BigInt64Array"
        : "BigUint64Array"
      : "Float64Array";
  const bits = field.size === 3 ? 32 : field.size * 8;
  return `${field.signed ? "Int" : "Uint"}${bits}Array`;
}
