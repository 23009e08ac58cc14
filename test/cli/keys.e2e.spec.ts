import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine, type CommandOutcome } from '../support/command-line.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';

let appliance: Appliance;

beforeAll(async () => {
  appliance = await startAppliance();
});
afterAll(() => appliance.dispose());

function keys(...args: string[]): Promise<CommandOutcome> {
  return runCommandLine(['keys', ...args], { server: appliance });
}

describe('keys', () => {
  it.each([
    ['events:write', /"accepted":1/],
    ['logs:read', /"logs":/],
    ['keys:admin', /"keys":/],
    ['metrics', /^# HELP/],
    ['streams:admin', /"streams":/],
    ['quarantine:read', /"events":/],
  ])('create prints a key with %s once, and a line that works', async (scope, answer) => {
    const { code, stdout } = await keys('create', scope.replace(':', '-'), '--scope', scope);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^alv_[a-z0-9]{8}_\S+\n\nThis is the only time/),
    ]);
    const line = stdout.slice(stdout.indexOf('curl'), stdout.indexOf('\n\nThe stream') >>> 0);
    expect(execFileSync('sh', ['-c', line], { stdio: 'pipe' }).toString()).toMatch(answer);
  });

  it('list shows what they may do, not their secrets; revoke ends one at once', async () => {
    const made = await keys(
      'create',
      'mine',
      '--scope',
      'logs:read',
      '--stream',
      'a',
      '--expires',
      'now+1d',
      '--json',
    );
    const { key, id } = JSON.parse(made.stdout) as { key: string; id: string };
    const table = (await keys('list')).stdout;
    expect(table).toMatch(new RegExp(`^${id} {2}mine .* logs:read .* a .* valid until `, 'm'));
    expect(table).not.toContain(key.slice(13));
    expect(await keys('revoke', id)).toMatchObject({ code: 0, stdout: `The key ${id} (mine) is revoked.\n` });
    const listed = (await keys('list', '--json')).stdout.trimEnd().split('\n');
    expect(listed.map((line) => JSON.parse(line) as object)).toContainEqual(
      expect.objectContaining({ id, revoked_at: expect.any(String) }),
    );
    const search = await runCommandLine(['search'], {
      server: { ...appliance, url: appliance.url, adminKey: key },
    });
    expect(search.code).toBe(4);
  });

  it.each([
    [['create', 'x', '--scope', 'everything'], 4, 'invalid_request'],
    [['create', 'x'], 2, "required option '--scope"],
    [['revoke', 'none/../such'], 4, 'key_not_found'],
  ])('refuses %j with %i', async (args, status, message) => {
    const { code, stderr } = await keys(...args);
    expect([code, stderr]).toEqual([status, expect.stringContaining(message)]);
  });
});

describe('a command finds its key', () => {
  it('in the file that is named, and on the same machine in the data directory', async () => {
    const env = { ALLUVIUM_URL: appliance.url };
    const named = { ...env, ALLUVIUM_KEY_FILE: join(appliance.dataDirectory, 'admin.key') };
    expect((await runCommandLine(['keys', 'list'], { env: named })).code).toBe(0);
    expect(
      (
        await runCommandLine(['keys', 'list'], {
          env: { ...env, ALLUVIUM_DATA_DIR: appliance.dataDirectory },
        })
      ).code,
    ).toBe(0);
    const { code, stderr } = await runCommandLine(['keys', 'list'], { env, cwd: '/' });
    expect([code, stderr]).toEqual([4, expect.stringContaining('Set ALLUVIUM_KEY')]);
  });
});
