/** Types of kaitai-struct-compiler. */

declare module "kaitai-struct-compiler" {
  const compiler: {
    compile(target: string, spec: unknown, importer: unknown, debug: boolean): Promise<Record<string, string>>;
  };
  export default compiler;
}
