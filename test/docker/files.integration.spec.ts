import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { readCompose } from './compose-file.js';

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

describe('the Dockerfile', () => {
  let hadolint: string;
  beforeAll(async () => {
    hadolint = (await run(join(ROOT, 'tools/install-hadolint.sh'))).stdout.trim();
  }, 300_000);

  it('has no finding of hadolint', async () => {
    expect((await run(hadolint, [join(ROOT, 'docker/Dockerfile')])).stdout).toBe('');
  });

  it('would be found out if it had', async () => {
    const bad = run('/bin/sh', ['-c', `printf 'FROM node\\nRUN cd /x && sudo ls\\n' | '${hadolint}' -`]);
    await expect(bad).rejects.toMatchObject({ stdout: expect.stringContaining('DL3004') });
  });
});

describe('the compose files', () => {
  let isCompose: (file: unknown) => boolean;
  beforeAll(async () => {
    const text = await readFile(join(import.meta.dirname, 'compose-spec.json'), 'utf8');
    const { $schema: _, ...schema } = JSON.parse(text) as Record<string, unknown>;
    isCompose = new Ajv({ strict: false, validateFormats: false }).compile(schema);
  });

  it.each([
    ...['compose.yml', 'compose.admin-key.yml', 'compose.distributed.yml', 'compose.cluster.yml'],
    ...['compose.verify.yml', 'compose.verify-cluster.yml'],
  ])('%s fits the compose specification', async (name) => {
    expect(isCompose(await readCompose(name))).toBe(true);
  });

  it('would be found out if they did not', async () => {
    const file = await readCompose('compose.yml');
    expect(
      isCompose({ ...file, services: { alluvium: { ...file.services['alluvium'], read_olny: true } } }),
    ).toBe(false);
  });

  it('leave the container nothing that it does not need', async () => {
    const { alluvium } = (await readCompose('compose.yml')).services;
    expect(alluvium).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      mem_limit: expect.any(String),
      pids_limit: expect.any(Number),
      ports: ['127.0.0.1:8080:8080'],
      volumes: ['data:/data'],
    });
    expect(alluvium).not.toHaveProperty('privileged');
  });
});
