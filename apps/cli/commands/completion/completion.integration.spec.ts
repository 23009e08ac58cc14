import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { makeProgram } from '../../program.js';
import { completionScript } from './completion-script.js';

const BASH = completionScript(makeProgram(), 'bash');

/** What a real bash would offer at the end of this line. */
function offered(line: string): readonly string[] {
  const words = line.split(' ');
  const script = `${BASH}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
COMP_CWORD=${words.length - 1}
_alluvium
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const printed = execFileSync('bash', ['--norc', '-u', '-c', script], { encoding: 'utf8' });
  return printed.split('\n').filter((word) => word !== '');
}

describe('completion in bash', () => {
  it.each([
    ['alluvium se', ['send', 'search']],
    ['alluvium --ver', ['--version']],
    ['alluvium keys ', expect.arrayContaining(['create', 'list', 'revoke', '--help'])],
    ['alluvium keys create x --sc', ['--scope']],
    ['alluvium keys create x --scope ', []],
    ['alluvium search --sort ', ['desc', 'asc']],
    ['alluvium search level:error -F --sor', ['--sort']],
    ['alluvium export --format c', ['csv']],
    ['alluvium send --f', ['--form']],
    ['alluvium send --form ', ['ndjson', 'json', 'text']],
    ['alluvium send ev', []],
    ['alluvium completion ', expect.arrayContaining(['bash', 'zsh', 'fish'])],
    ['alluvium none-such x', []],
  ])('offers for %j %j', (line, words) => expect(offered(line)).toEqual(words));

  it('is registered, with files where there is no other word', () => {
    const printed = execFileSync('bash', ['--norc', '-c', `${BASH}\ncomplete -p alluvium`], {
      encoding: 'utf8',
    });
    expect(printed).toBe('complete -o default -F _alluvium alluvium\n');
  });
});

describe('completion in other shells', () => {
  it.each(['zsh', 'fish'] as const)('names every command and option in %s', (shell) => {
    const script = completionScript(makeProgram(), shell);
    for (const word of ['send', 'keys', 'revoke', 'retry-for', 'csv-safe', 'parquet'])
      expect(script).toContain(word);
  });
});
