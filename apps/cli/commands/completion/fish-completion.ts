import { quoted, type OfferedCommand, type OfferedOption } from './command-tree.js';

/** A script that completes in fish, with descriptions. */
export function fishCompletion(tree: readonly OfferedCommand[]): string {
  const lines = tree.flatMap((command) => [
    ...commandLines(command, tree),
    ...command.choices.map((choice) => `${line(command)} -a ${quoted(choice)}`),
    ...(command.takesFiles ? [`${line(command)} -F`] : []),
    ...command.options.map((option) => `${line(command)} ${optionWords(option)}`),
  ]);
  return `# Completion of alluvium for fish. Use it at once: alluvium completion fish | source
complete -c alluvium -f
${lines.join('\n')}
`;
}

/** Offers what follows where this command, and none below it, was named. */
function line({ words, commands }: OfferedCommand): string {
  const seen = words.map((word) => `__fish_seen_subcommand_from ${word}`);
  const notYet = commands.length > 0 ? [`not __fish_seen_subcommand_from ${commands.join(' ')}`] : [];
  return `complete -c alluvium -n ${quoted([...seen, ...notYet].join('; and '))}`;
}

function commandLines(command: OfferedCommand, tree: readonly OfferedCommand[]): readonly string[] {
  return command.commands.map((name) => {
    const path = [...command.words, name].join(' ');
    const about = tree.find(({ words }) => words.join(' ') === path)?.description ?? '';
    return `${line(command)} -a ${quoted(name)} -d ${quoted(about)}`;
  });
}

function optionWords({ names, description, takesValue, choices, isFile }: OfferedOption): string {
  const forms = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const value = takesValue ? [isFile ? '-rF' : '-x'] : [];
  const values = choices.length > 0 ? [`-a ${quoted(choices.join(' '))}`] : [];
  return [...forms, ...value, ...values, `-d ${quoted(description)}`].join(' ');
}
