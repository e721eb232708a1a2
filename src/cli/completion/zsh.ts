/** Completion for zsh. */
import { quoted, type Place, type Word } from "./tree.js";

const described = ({ word, meaning }: Word): string => quoted(`${word.replaceAll(":", "\\:")}:${meaning}`);

/** The script, for a folder of `fpath`. */
export function zshScript(name: string, places: readonly Place[]): string {
  const below = places.filter(({ path }) => path !== "").map(({ path }) => path);
  const valued = places.flatMap(({ path, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .flatMap(({ word, short, choices }) =>
        [word, ...(short === undefined ? [] : [short])].map((flag) => {
          const values = choices.length === 0 ? "_files" : `compadd -- ${choices.map(quoted).join(" ")}`;
          return `    ${quoted(`${path}:${flag}`)}) ${values}; return ;;`;
        }),
      ),
  );
  const words = places.map(({ path, commands, options, values }) => {
    const lists = [
      ...(commands.length === 0 ? [] : [`commands=(${commands.map(described).join(" ")})`]),
      ...(values.length === 0 ? [] : [`commands=(${values.map(quoted).join(" ")})`]),
      `options=(${options.map(described).join(" ")})`,
    ];
    return `    ${quoted(path)}) ${lists.join("; ")} ;;`;
  });
  return `#compdef ${name}
# Completion of ${name} for zsh: ${name} completion zsh > ~/.${name}.zsh && echo 'source ~/.${name}.zsh' >> ~/.zshrc
_${name}() {
  local place="" i
  local -a commands options
  for ((i = 2; i < CURRENT; i++)); do
    case "$place/\${words[i]}" in
    (${below.join("|")}) place="$place/\${words[i]}" ;;
    esac
  done
  case "$place:\${words[CURRENT - 1]}" in
${valued.join("\n")}
  esac
  case "$place" in
${words.join("\n")}
  esac
  if [[ \${words[CURRENT]} == -* ]]; then
    _describe option options
  elif (( \${#commands} )); then
    _describe command commands
  else
    _files
  fi
}
# A file of fpath is run as the function that it is called after; one that is sourced says what it completes.
if [[ $funcstack[1] == _${name} ]]; then
  _${name} "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i; }
  compdef _${name} ${name}
fi
`;
}
