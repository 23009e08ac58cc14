import { quoted, type OfferedCommand } from './command-tree.js';

/** A script that completes in bash: words of the call up to the cursor choose the command, the one before it an option. */
export function bashCompletion(tree: readonly OfferedCommand[]): string {
  return `# Completion of alluvium for bash. Use it at once: source <(alluvium completion bash)
_alluvium() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} at= index
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "$at \${COMP_WORDS[index]}" in
      ${knownPaths(tree)}) at="$at \${COMP_WORDS[index]}" ;;
    esac
  done
  case "$at $before" in
${tree.flatMap(valueCases).join('\n')}
  esac
  case "$at" in
${tree.map(wordsCase).join('\n')}
  esac
}
complete -o default -F _alluvium alluvium
`;
}

function pathOf(words: readonly string[]): string {
  return words.map((word) => ` ${word}`).join('');
}

function knownPaths(tree: readonly OfferedCommand[]): string {
  return tree
    .filter(({ words }) => words.length > 0)
    .map(({ words }) => quoted(pathOf(words)))
    .join(' | ');
}

/** Where an option takes a value: its choices, or nothing, upon which the shell offers files. */
function valueCases({ words, options }: OfferedCommand): readonly string[] {
  return options
    .filter(({ takesValue }) => takesValue)
    .map(({ names, choices }) => {
      const patterns = names.map((name) => quoted(`${pathOf(words)} ${name}`)).join(' | ');
      return `    ${patterns}) ${choices.length > 0 ? offer(choices) : 'COMPREPLY=()'}; return ;;`;
    });
}

function wordsCase({ words, options, commands, choices, takesFiles }: OfferedCommand): string {
  const names = options.flatMap((option) => option.names.filter((name) => name.startsWith('--')));
  const all = offer([...commands, ...choices, ...names]);
  // Names of files are offered by the shell where there is no other word.
  const body = takesFiles ? `if [[ $current == -?* ]]; then ${offer(names)}; fi` : all;
  return `    ${quoted(pathOf(words))}) ${body} ;;`;
}

function offer(words: readonly string[]): string {
  return `COMPREPLY=($(compgen -W ${quoted(words.join(' '))} -- "$current"))`;
}
