import { quoted, type OfferedCommand, type OfferedOption } from './command-tree.js';

/** A script that completes in zsh, with descriptions. */
export function zshCompletion(tree: readonly OfferedCommand[]): string {
  return `#compdef alluvium
# Completion of alluvium for zsh. Use it at once: source <(alluvium completion zsh)
_alluvium() {
  local at= word
  local -a offered
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$at $word" in
      ${tree
        .slice(1)
        .map(({ words }) => quoted(pathOf(words)))
        .join(' | ')}) at="$at $word" ;;
    esac
  done
  case "$at $words[CURRENT-1]" in
${tree.flatMap(valueCases).join('\n')}
  esac
  case "$at" in
${tree.map((command) => wordsCase(command, tree)).join('\n')}
  esac
  _describe alluvium offered
}
if [[ $funcstack[1] == _alluvium ]]; then _alluvium "$@"; else compdef _alluvium alluvium; fi
`;
}

function pathOf(words: readonly string[]): string {
  return words.map((word) => ` ${word}`).join('');
}

function valueCases({ words, options }: OfferedCommand): readonly string[] {
  return options
    .filter(({ takesValue }) => takesValue)
    .map((option) => {
      const patterns = option.names.map((name) => quoted(`${pathOf(words)} ${name}`)).join(' | ');
      return `    ${patterns}) ${valuesOf(option)}; return ;;`;
    });
}

function valuesOf({ choices, isFile, description }: OfferedOption): string {
  if (choices.length > 0) return `compadd -- ${choices.map(quoted).join(' ')}`;
  return isFile ? '_files' : `_message ${quoted(description)}`;
}

function wordsCase(command: OfferedCommand, tree: readonly OfferedCommand[]): string {
  const { words, options, choices, takesFiles } = command;
  const below = tree.filter(
    (child) => child.words.length === words.length + 1 && pathOf(child.words).startsWith(pathOf(words)),
  );
  const items = [
    ...below.map((child) => item(child.words.at(-1) ?? '', child.description)),
    ...choices.map((choice) => item(choice, '')),
    ...options.flatMap(({ names, description }) =>
      names.filter((name) => name.startsWith('--')).map((name) => item(name, description)),
    ),
  ];
  const files = takesFiles ? '[[ $words[CURRENT] == -?* ]] || { _files; return }; ' : '';
  return `    ${quoted(pathOf(words))}) ${files}offered=(${items.join(' ')}) ;;`;
}

/** Of _describe: the word and, behind a colon, what it is. */
function item(word: string, description: string): string {
  return quoted(description === '' ? word : `${word}:${description}`);
}
