/** Completion for bash. */
import type { Place } from "./tree.js";

/** The script, which works from bash 3.2 on: that of macOS. */
export function bashScript(name: string, places: readonly Place[]): string {
  const below = places.filter(({ path }) => path !== "").map(({ path }) => path);
  const valued = places.flatMap(({ path, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .flatMap(({ word, short, choices }) =>
        [word, ...(short === undefined ? [] : [short])].map(
          (flag) => `    ${path}:${flag}) words="${choices.join(" ")}" ;;`,
        ),
      ),
  );
  const words = places.map(({ path, commands, options, values }) => {
    const all = [...commands, ...options].map(({ word }) => word);
    return `    ${path === "" ? '""' : path}) words="${[...all, ...values].join(" ")}" ;;`;
  });
  return `# Completion of ${name} for bash: ${name} completion bash > ~/.${name}.bash && echo 'source ~/.${name}.bash' >> ~/.bashrc
_${name}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD - 1]}" place="" words="" i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$place/\${COMP_WORDS[i]}" in
    ${below.join(" | ")}) place="$place/\${COMP_WORDS[i]}" ;;
    esac
  done
  case "$place:$previous" in
${valued.join("\n")}
    *)
      case "$place" in
${words.map((line) => `  ${line}`).join("\n")}
      esac
      ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _${name} ${name}
`;
}
