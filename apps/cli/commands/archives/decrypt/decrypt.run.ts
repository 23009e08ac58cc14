import { mkdir, readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { processInput, type Settings } from '#app-config';
import { ArchiveEncryption, MasterKeys } from '#archive-encryption';
import { openStorage, type ArchiveStorage } from '#archive-storage';
import { ArchiveTooLarge } from '#archived-units';
import { backupPlace } from '#backup';
import { AlluviumError } from '#event-model';
import { CliError, UsageError } from '../../../cli-error.js';
import { EXIT } from '../../../exit-codes.js';
import { showBytes, showCount, showCounted } from '../../../output/figures.js';
import { jsonLine, printable } from '../../../output/printable.js';
import { Progress } from '../../../output/progress.js';
import { writeOut } from '../../../output/write-out.js';
import { readSettings } from '../../doctor/read-settings.js';
import { decryptUnits, nothingYet, type DecryptProgress } from './decrypt-units.js';

export interface DecryptOptions {
  readonly tenant?: string;
  readonly stream?: string;
  readonly trust?: readonly string[];
  readonly json?: true;
}

/** Settings that have to do with where archives are and how they are read. */
const OURS = /^(?:ALLUVIUM_ARCHIVE_KEYS|S3_)/;

/** Decrypts an archive into a directory, and tells what came of it. Ends with 5 where something was left out. */
export async function decryptArchive(
  place: string,
  directory: string,
  options: DecryptOptions,
): Promise<void> {
  const { tenant, stream, trust, json } = options;
  const boot = settingsOf();
  const storage = await open(boot, place);
  const target = resolve(directory);
  const done = nothingYet();
  const progress = new Progress({ render: () => printable(figuresOf(done)) });
  try {
    await requireEmpty(target);
    const encryption = new ArchiveEncryption(new MasterKeys(boot.archiveKeys?.reveal()), { encrypts: false });
    await decryptUnits(
      {
        ...{ storage, encryption, directory: target },
        wants: (of) => (tenant ?? of.tenant) === of.tenant && (stream ?? of.stream) === of.stream,
        trusts: (id) => trust?.includes(id) ?? true,
      },
      done,
    );
  } catch (error) {
    throw failed(error);
  } finally {
    progress.end();
    await storage.stop();
  }
  await writeOut(
    json
      ? `${jsonLine(asJson(done, target))}
`
      : told(done, target),
  );
  if (done.leftOut.length > 0) process.exitCode = EXIT.partly;
}

function settingsOf(): Settings['boot'] {
  const { settings, problems } = readSettings(processInput());
  const [wrong] = problems.filter(({ setting, where }) => OURS.test(setting) && where !== 'together');
  if (!wrong) return settings.boot;
  throw new UsageError(`${wrong.setting} is ${wrong.given}, expected ${wrong.expected}.`, wrong.mend);
}

async function open(boot: Settings['boot'], text: string): Promise<ArchiveStorage> {
  const place = backupPlace(boot, text);
  if (!place)
    throw new UsageError(`${text} is no place of archives.`, 'Name a directory, or s3://bucket/folder.');
  if ('directory' in place && !(await isFolder(place.directory)))
    throw new CliError(
      `There is no directory ${place.directory}.`,
      EXIT.failed,
      'Name the place of the archive.',
    );
  return openStorage(place, { readOnly: true });
}

async function isFolder(path: string): Promise<boolean> {
  return readdir(path).then(
    () => true,
    () => false,
  );
}

async function requireEmpty(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const [first] = await readdir(directory);
  if (first === undefined) return;
  throw new CliError(
    `${directory} is not empty: nothing is written over.`,
    EXIT.failed,
    'Name an empty directory, or one that is not there yet.',
  );
}

function failed(error: unknown): unknown {
  if (!(error instanceof AlluviumError) && !(error instanceof ArchiveTooLarge)) return error;
  return new CliError(error.message, EXIT.failed, undefined, { cause: error });
}

function figuresOf({ files, bytes, events }: DecryptProgress): string {
  return `${showCounted(files, 'file')}, ${showBytes(bytes)}, ${showCounted(events, 'event')}`;
}

function asJson({ signedBy, leftOut, ...figures }: DecryptProgress, directory: string): object {
  return { directory, ...figures, signed_by: [...signedBy], left_out: leftOut };
}

function told(done: DecryptProgress, directory: string): string {
  const { streams, encrypted, files, signedBy, leftOut } = done;
  if (streams.length === 0) return 'There is no archive of that in this place.\n';
  const lines = [
    `Wrote ${figuresOf(done)} of ${showCounted(streams.length, 'stream')} into ${directory}; ${showCount(encrypted)} of ${showCount(files)} were encrypted.`,
    ...(signedBy.size > 0 ? [`Signed by ${[...signedBy].join(', ')}.`] : []),
    ...leftOut.map((why) => `LEFT OUT: ${why}`),
  ];
  return lines.map((line) => `${printable(line)}\n`).join('');
}
