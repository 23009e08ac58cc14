import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { readCompose } from './compose-file.js';

const ROOT = join(import.meta.dirname, '../..');
const FILE = join(ROOT, 'docker/kubernetes/alluvium.yaml');
const run = promisify(execFile);

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data: Readonly<Record<string, string>>;
  readonly spec: {
    readonly replicas: number;
    readonly podManagementPolicy: string;
    readonly template: { readonly spec: Pod };
  };
}

interface Pod {
  readonly [field: string]: unknown;
  readonly containers: readonly {
    readonly env: readonly { readonly name: string; readonly value: string }[];
    readonly readinessProbe: { readonly httpGet: { readonly path: string } };
    readonly livenessProbe: { readonly httpGet: { readonly path: string } };
    readonly [field: string]: unknown;
  }[];
}

let scratch: string;
let text: string;
let manifests: readonly Manifest[];
let sets: readonly Manifest[];
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'alluvium-kubernetes-'));
  text = await readFile(FILE, 'utf8');
  manifests = parseAllDocuments(text).map((document) => document.toJS() as Manifest);
  sets = manifests.filter(({ kind }) => kind === 'StatefulSet');
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

describe('the manifests of Kubernetes', () => {
  it('fit its schemas, which would find it out', async () => {
    const tool = (await run(join(ROOT, 'tools/install-kubernetes-validate.sh'))).stdout.trim();
    for (const version of ['1.30.0', '1.37.0']) await run(tool, ['--strict', '-k', version, FILE]);
    const bad = join(scratch, 'bad.yaml');
    await writeFile(bad, text.replace('readinessProbe:', 'readynessProbe:'));
    await expect(run(tool, ['--strict', bad])).rejects.toMatchObject({
      stdout: expect.stringContaining('readynessProbe'),
    });
  }, 300_000);

  it('have the settings that the compose file has, which tests start processes with', async () => {
    const { environment = {} } = (await readCompose('compose.distributed.yml')).services['worker'] ?? {};
    const { ALLUVIUM_ROLES: _, ALLUVIUM_LOG_LEVEL: __, ...shared } = environment;
    const given = manifests.find(({ kind }) => kind === 'ConfigMap')?.data ?? {};
    const here = { ALLUVIUM_HTTP_HOST: '0.0.0.0', ALLUVIUM_HTTP_PORT: '8080' };
    expect(Object.keys(given).toSorted()).toEqual(Object.keys({ ...shared, ...here }).toSorted());
    expect(given).toMatchObject(here);
    for (const [name, value] of Object.entries(given))
      if (name.endsWith('_FILE')) expect(value).toBe(shared[name]);
  });

  it('have a process of each role, and probes that a worker passes that waits for an engine', () => {
    const found = sets.map(({ spec: { template, replicas } }) => {
      const [{ env, readinessProbe, livenessProbe } = never()] = template.spec.containers;
      const role = env.find(({ name }) => name === 'ALLUVIUM_ROLES')?.value;
      return [role, replicas, readinessProbe.httpGet.path, livenessProbe.httpGet.path];
    });
    expect(found).toEqual([
      ['api', 2, '/health/ready', '/health/live'],
      ['worker', 2, '/health/live', '/health/live'],
      ['scheduler', 1, '/health/ready', '/health/live'],
    ]);
  });

  it('leave each pod nothing that it does not need, and no variables of Services', () => {
    for (const { spec } of sets) {
      expect(spec.template.spec).toMatchObject({
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      });
      expect(spec.template.spec.containers).toMatchObject([
        {
          resources: { limits: { memory: expect.any(String) } },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
        },
      ]);
    }
  });
});

function never(): never {
  throw new Error('a pod without a container');
}
