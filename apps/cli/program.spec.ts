import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { CliError, UsageError } from './cli-error.js';
import { EXIT } from './exit-codes.js';
import { makeProgram } from './program.js';
import { runCli } from './run-cli.js';

interface Outcome {
  readonly status: number | undefined;
  readonly output: string;
  readonly errors: string;
}

/** Runs the program with what it prints caught, in every command of the tree. */
async function call(program: Command, ...args: string[]): Promise<Outcome> {
  let [output, errors] = ['', ''];
  const writeOut = (text: string): void => void (output += text);
  const writeErr = (text: string): void => void (errors += text);
  const listen = (command: Command): void => {
    command.configureOutput({ writeOut, writeErr });
    command.commands.forEach(listen);
  };
  listen(program);
  const status = await runCli(program, args, writeErr);
  return { status, output, errors };
}

/** Every command of the tree that does something, with its words. */
function leaves(command: Command, words: readonly string[] = []): (readonly string[])[] {
  if (command.commands.length === 0) return [words];
  return command.commands.flatMap((child) => leaves(child, [...words, child.name()]));
}

describe('the program', () => {
  it('prints its version and its help', async () => {
    expect(await call(makeProgram(), '--version')).toMatchObject({ status: 0, output: '0.1.0\n' });
    const help = await call(makeProgram(), '--help');
    expect(help.status).toBe(0);
    expect(help.output).toMatch(/Usage: alluvium .*\bstart\b/s);
  });

  it('asks for a command where there is none', async () => {
    const { status, output, errors } = await call(makeProgram());
    expect({ status, output }).toEqual({ status: EXIT.usage, output: '' });
    expect(errors).toContain('Usage: alluvium');
  });

  it.each([
    [['seach'], "unknown command 'seach'"],
    [['start', '--port', '80'], "unknown option '--port'"],
  ])('refuses %j and says where help is', async (args, message) => {
    const { status, errors } = await call(makeProgram(), ...args);
    expect(status).toBe(EXIT.usage);
    expect(errors).toContain(`alluvium: ${message}`);
    expect(errors).toMatch(/See: alluvium.* --help/);
  });

  it('does not start a server without the launcher', async () => {
    const { status, errors } = await call(makeProgram(), 'start');
    expect(status).toBe(EXIT.usage);
    expect(errors).toContain('bin/alluvium start');
  });

  it.each(leaves(makeProgram()))('helps with %s, with examples', async (...words) => {
    const { status, output } = await call(makeProgram(), ...words, '--help');
    expect(status).toBe(0);
    expect(output).toContain(`Usage: alluvium ${words.join(' ')}`);
    expect(output).toMatch(/Examples?:\n/);
  });
});

describe('an error of a command', () => {
  async function failing(error: Error): Promise<Outcome> {
    const program = makeProgram();
    program.command('fail').action(() => {
      throw error;
    });
    return call(program, 'fail');
  }

  it('is told with its mend, fit for a terminal', async () => {
    const { status, errors } = await failing(new CliError('bad \u001b[31mnews', EXIT.refused, 'Do this.'));
    expect({ status, errors }).toEqual({ status: 4, errors: 'alluvium: bad \\x1b[31mnews\n  Do this.\n' });
  });

  it('of the call ends with its own status', async () => {
    expect((await failing(new UsageError('not so'))).status).toBe(EXIT.usage);
  });

  it('that nobody foresaw is shown with its stack', async () => {
    const { status, errors } = await failing(new TypeError('no such thing'));
    expect(status).toBe(EXIT.failed);
    expect(errors).toMatch(/^alluvium: TypeError: no such thing\n\s+at /);
  });
});
