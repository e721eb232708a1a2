/** Completion for fish. */
import { quoted, type Place } from "./tree.js";

/** The script, for the folder of completions. */
export function fishScript(name: string, places: readonly Place[]): string {
  const below = places.filter(({ path }) => path !== "").map(({ path }) => path);
  const lines = places.flatMap(({ path, commands, options, values }) => {
    const complete = `complete -c ${name} -n "__${name}_at ${quoted(path)}"`;
    return [
      ...commands.map(({ word, meaning }) => `${complete} -f -a ${quoted(word)} -d ${quoted(meaning)}`),
      ...(values.length === 0 ? [] : [`${complete} -f -a ${quoted(values.join(" "))}`]),
      ...options.map(({ word, short, meaning, takesValue, choices }) => {
        const flags = [word, short].flatMap((flag) =>
          flag === undefined ? [] : [flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`],
        );
        const value = choices.length > 0 ? ` -x -a ${quoted(choices.join(" "))}` : takesValue ? " -r" : "";
        return `${complete} ${flags.join(" ")}${value} -d ${quoted(meaning)}`;
      }),
    ];
  });
  return `# Completion of ${name} for fish: ${name} completion fish > ~/.config/fish/completions/${name}.fish
function __${name}_at
  set -l place ""
  for word in (commandline -opc)[2..-1]
    switch "$place/$word"
      case ${below.map(quoted).join(" ")}
        set place "$place/$word"
    end
  end
  test "$place" = "$argv[1]"
end
${lines.join("\n")}
`;
}
