import type { Command, Option } from 'commander';

/** An option as a shell may offer it. */
export interface OfferedOption {
  /** With their hyphens: `--stream`, `-s`. */
  readonly names: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  /** The values that may be; none where anything may. */
  readonly choices: readonly string[];
  /** Whether its value is the name of a file. */
  readonly isFile: boolean;
}

/** A command as a shell may offer it. */
export interface OfferedCommand {
  /** The words behind the program's name: `['keys', 'create']`; none for the program itself. */
  readonly words: readonly string[];
  readonly description: string;
  readonly options: readonly OfferedOption[];
  /** The names of its own commands. */
  readonly commands: readonly string[];
  /** The values that its argument may have; none where anything may. */
  readonly choices: readonly string[];
  /** Whether its arguments are names of files. */
  readonly takesFiles: boolean;
}

/** The program and every command below it, each before those below it. */
export function commandTree(command: Command, words: readonly string[] = []): readonly OfferedCommand[] {
  const [argument] = command.registeredArguments;
  const own: OfferedCommand = {
    words,
    description: command.description(),
    options: command.createHelp().visibleOptions(command).map(offered),
    commands: command.commands.map((child) => child.name()),
    choices: argument?.argChoices ?? [],
    takesFiles: argument?.name() === 'file',
  };
  return [own, ...command.commands.flatMap((child) => commandTree(child, [...words, child.name()]))];
}

function offered({
  long,
  short,
  description,
  required,
  optional,
  argChoices = [],
  flags,
}: Option): OfferedOption {
  return {
    names: [long, short].filter((name) => typeof name === 'string'),
    description,
    takesValue: required || optional,
    choices: argChoices,
    isFile: /<file>|<path>/.test(flags),
  };
}

/** Text between single quotes for sh, bash, zsh and fish alike: none of ours has a backslash. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
