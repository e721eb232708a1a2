/** The layouts of the built-in formats, by name. */
import type { FindEnum } from "../annotate.js";
import type { Message, Module, Type } from "../ir.js";
import modules from "./modules.json" with { type: "json" };

/** The layout of every built-in format: what `spec/` says, as data. */
export const MODULES: readonly Module[] = modules as unknown as readonly Module[];

/** A built-in format by its name, `package_type`. */
export function findFormat(name: string): { readonly module: Module; readonly type: Type } | undefined {
  for (const module of MODULES) {
    for (const type of module.types) {
      if (type.format === name && !type.part) return { module, type };
      if (type.body.shape === "union") {
        const variant = type.body.variants.find((v) => v.type.format === name);
        if (variant !== undefined) return { module, type: variant.type };
      }
    }
  }
  return undefined;
}

/** Every built-in format that stands for itself, in the order of the specs. */
export function listFormats(): { readonly module: Module; readonly type: Type }[] {
  return MODULES.flatMap((module) => module.types.filter((type) => !type.part).map((type) => ({ module, type })));
}

/** Every built-in protobuf message. */
export function listMessages(): { readonly module: Module; readonly message: Message }[] {
  return MODULES.flatMap((module) => (module.proto?.messages ?? []).map((message) => ({ module, message })));
}

/** Enumerations of the modules of one package. */
export function enumsOf(packageName: string): FindEnum {
  return (module, name) =>
    MODULES.find((m) => m.package === packageName && m.id === module)?.enums.find((each) => each.name === name);
}
