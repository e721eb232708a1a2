import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const readme = readFileSync("README.md", "utf8");

describe("README", () => {
  it.each(["README.md", "src/protocols/raida/README.md"])(
    "%s shows an example that runs and prints what it says",
    (file) => {
      const example = /```js\n([\s\S]*?)```\s*```text\n([\s\S]*?)```/.exec(readFileSync(file, "utf8"));
      expect(example).not.toBeNull();
      expect(example![1]!.split("\n").length).toBeLessThan(40);
      const output = execFileSync(process.execPath, ["--input-type=module", "-e", example![1]!], { encoding: "utf8" });
      expect(output).toBe(example![2]);
    },
  );

  it("lists every subpath of the package", () => {
    const { exports } = JSON.parse(readFileSync("package.json", "utf8")) as { exports: Record<string, unknown> };
    for (const subpath of Object.keys(exports).filter((name) => name !== "./package.json")) {
      expect(readme).toContain(`\`specwire/${subpath.slice(2)}\``);
    }
  });
});
