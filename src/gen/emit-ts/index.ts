/** The TypeScript target of the generator. */
export { emitTypeScript, type EmitOptions } from "./module.js";
