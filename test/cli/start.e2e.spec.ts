import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../support/command-line.js';

describe('the program', () => {
  it('has one version, and help for each command without a server', async () => {
    expect(await runCommandLine(['--version'])).toMatchObject({ code: 0, stdout: '0.1.0\n', stderr: '' });
    for (const args of [['--help'], ['start', '--help'], ['keys', 'create', '-h']])
      expect(await runCommandLine(args)).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('Usage: alluvium'),
      });
  });

  it('tells how a server is set up', async () => {
    const { stdout } = await runCommandLine(['start', '--help']);
    for (const name of ['ALLUVIUM_DATA_DIR', 'ALLUVIUM_HTTP_PORT', 'ALLUVIUM_CONFIG', '_FILE'])
      expect(stdout).toContain(name);
  });

  it('starts no server where it was called wrongly', async () => {
    const { code, stderr } = await runCommandLine(['start', 'now']);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/unknown arguments "now"[^]*alluvium start --help/),
    ]);
  });

  it('asks for a command', async () => {
    expect(await runCommandLine([])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('Usage: alluvium'),
    });
  });
});
