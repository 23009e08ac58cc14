import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const VERSION = '4.3.1';
const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'alluvium');
const SUMS = new URL('kafka-jars.sha256', import.meta.url);
const run = promisify(execFile);

/** What Maven is asked for: the broker, and a logger, without which errors of the start are not seen. */
const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>test</groupId><artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging><dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${VERSION}</version></dependency>
<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
</dependencies></project>
`;

/**
 * The folder with Kafka's jars, got by Maven into the user's cache at the first use and checked file by file against
 * `kafka-jars.sha256`.
 *
 * @throws Error where Maven is missing or fails, or a jar is not the one that is pinned
 */
export async function kafkaJars() {
  const folder = join(CACHE, `kafka-${VERSION}`, 'lib');
  if (!existsSync(folder)) await fetchJars(folder);
  return folder;
}

async function fetchJars(folder) {
  await mkdir(CACHE, { recursive: true });
  const work = await mkdtemp(join(CACHE, 'kafka-'));
  try {
    await writeFile(join(work, 'pom.xml'), POM);
    const args = [
      '-q',
      '-B',
      'dependency:copy-dependencies',
      '-DoutputDirectory=lib',
      '-DincludeScope=runtime',
    ];
    await run('mvn', args, { cwd: work }).catch((error) => {
      throw new Error(`Maven did not bring Kafka ${VERSION} (mvn must be installed): ${error.message}`);
    });
    await checkJars(join(work, 'lib'), await readFile(SUMS, 'utf8'));
    await mkdir(join(folder, '..'), { recursive: true });
    // Another run may have been faster.
    if (!existsSync(folder)) await rename(join(work, 'lib'), folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** @throws Error naming the jars that are missing, changed or not in the list */
export async function checkJars(folder, sums) {
  const pinned = new Map(
    sums
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/).toReversed()),
  );
  const names = new Set([...pinned.keys(), ...(await readdir(folder))]);
  const wrong = [];
  for (const name of names) {
    const bytes = await readFile(join(folder, name)).catch(() => undefined);
    const sum = bytes && createHash('sha256').update(bytes).digest('hex');
    if (sum === undefined || sum !== pinned.get(name)) wrong.push(name);
  }
  if (wrong.length > 0)
    throw new Error(`Not the jars of tools/engines/kafka-jars.sha256: ${wrong.join(', ')}`);
}
