/** The generator: a spec file in, its layout, TypeScript codecs, Markdown tables or pictures out. */
export { annotate, type Annotation, type FindEnum } from "./annotate.js";
export { enumsOf, findFormat, listFormats, listMessages, MODULES } from "./catalogue/index.js";
export { compileSpec, type Compiled } from "./compile.js";
export { emitMarkdown } from "./emit-md.js";
export { emitSvg, type SvgOptions } from "./svg/index.js";
export { emitTypeScript, type EmitOptions } from "./emit-ts/index.js";
export { fromJson, toJson, type Json } from "./json.js";
export { annotateMessage } from "./message-annotate.js";
export { messageFromJson } from "./message-json.js";
export { CODEC_FORMS, IR_VERSION } from "./ir.js";
export type * from "./ir.js";
export type { ReadFile } from "./load.js";
