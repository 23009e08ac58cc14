import { execFile } from 'node:child_process';
import { chmod, cp, lstat, mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { readDockerIgnore } from './docker-ignore.js';
import { readDockerfile, type Instruction, type Stage } from './dockerfile.js';

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

/** The image's folders, made below one temporary folder. */
export interface BuiltImage {
  readonly folder: string;
  readonly appliance: Stage;
  /** Where a path of the image lies on this machine. */
  place(path: string): string;
}

/** Carries out the steps of docker/Dockerfile, each in its stage's order, below a temporary folder. */
export async function buildImage(): Promise<BuiltImage> {
  const folder = await mkdtemp(join(tmpdir(), 'alluvium-image-'));
  // Whoever the container runs as must come through.
  await chmod(folder, 0o755);
  const stages = readDockerfile(await readFile(join(ROOT, 'docker/Dockerfile'), 'utf8'));
  const [build, appliance] = [stages.get('build'), stages.get('appliance')];
  if (!build || !appliance) throw new Error('the Dockerfile has not the stages build and appliance');
  const place = (path: string): string => join(folder, path);
  for (const stage of [build, appliance]) {
    const home = stage.instructions.find(({ name }) => name === 'WORKDIR')?.text ?? '/';
    await mkdir(place(home), { recursive: true });
    for (const instruction of stage.instructions) await carryOut(instruction, place, place(home));
  }
  return { folder, appliance, place };
}

async function carryOut(
  { name, text }: Instruction,
  place: (path: string) => string,
  home: string,
): Promise<void> {
  if (name === 'RUN') {
    const command = text.replaceAll(/--mount=\S+ /g, '').replaceAll(/(?<= )\/data\b/g, place('/data'));
    await run('/bin/sh', ['-c', command], { cwd: home, maxBuffer: 2 ** 26 });
  }
  if (name !== 'COPY') return;
  const words = text.split(' ').filter((word) => !word.startsWith('--'));
  const target = words.at(-1) ?? '';
  for (const source of words.slice(0, -1)) {
    const to = join(home, target.endsWith('/') ? join(target, baseOf(source)) : target);
    await mkdir(dirname(to), { recursive: true });
    if (text.startsWith('--from='))
      await run('cp', ['--archive', '--no-target-directory', place(source), to]);
    else await copyFromContext(source, to);
  }
}

/** Of the checkout only what `.dockerignore` lets through. */
async function copyFromContext(source: string, to: string): Promise<void> {
  const takes = readDockerIgnore(await readFile(join(ROOT, '.dockerignore'), 'utf8'));
  const from = join(ROOT, source);
  await lstat(from);
  const filter = (path: string): boolean => takes(path.slice(ROOT.length + 1));
  if (!filter(from)) throw new Error(`.dockerignore keeps ${source} out, which the Dockerfile copies`);
  await cp(from, to, { recursive: true, filter });
}

function baseOf(path: string): string {
  return path.split('/').at(-1) ?? path;
}
