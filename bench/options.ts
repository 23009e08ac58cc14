import { parseArgs } from 'node:util';

/** Values of `--name`, with their defaults: a number stays a number, a text a text, a switch a switch. */
export type Options = Readonly<Record<string, string | number | boolean>>;

/**
 * Reads a tool's command line by its defaults.
 *
 * @throws Error with the list of all options, where one is unknown or isn't of its default's kind.
 */
export function readOptions<T extends Options>(defaults: T, commandLine: readonly string[]): T {
  const options = Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => [
      name,
      { type: typeof value === 'boolean' ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  const usage = Object.entries(defaults).map(([name, value]) => `  --${name} (${String(value) || 'none'})`);
  try {
    const { values } = parseArgs({ options, args: [...commandLine] });
    const given = Object.entries(values).map(([name, value]) => [name, convert(name, defaults[name], value)]);
    return { ...defaults, ...(Object.fromEntries(given) as Partial<T>) };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new Error(`${problem}\nOptions and their defaults:\n${usage.join('\n')}`, { cause: error });
  }
}

function convert(name: string, otherwise: unknown, value: unknown): unknown {
  if (typeof otherwise !== 'number') return value;
  const number = Number(value);
  if (Number.isFinite(number) && number >= 0) return number;
  throw new Error(`--${name} takes a number, not ${String(value)}.`);
}
