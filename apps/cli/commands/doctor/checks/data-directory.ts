import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { DoctorContext } from '../context.js';
import { fine, problem, warning, type Finding } from '../finding.js';
import { fileSystemKind } from '../machine/file-system-kinds.js';

/** Names of files that are shown of many. */
const SHOWN = 3;

/** Whether the server could keep its data where the settings say, and has it for itself. */
export function checkDataDirectory(context: DoctorContext): readonly Finding[] {
  const path = resolve(context.settings.boot.dataDir);
  const { owner } = context;
  if (!existsSync(path)) return checkAncestor(path, context);
  if (!statSync(path).isDirectory()) return [notADirectory(path, path)];
  return [
    ...(owner.kind === 'held' ? checkOwner(path, owner.by, context) : checkWriting(path, context)),
    ...checkFiles(path, context),
    ...checkKind(path, context),
  ];
}

/** The nearest directory above that exists. */
export function nearestDirectory(path: string): string {
  let nearest = resolve(path);
  while (!existsSync(nearest) && nearest !== dirname(nearest)) nearest = dirname(nearest);
  return nearest;
}

function checkAncestor(path: string, context: DoctorContext): readonly Finding[] {
  const nearest = nearestDirectory(path);
  if (!statSync(nearest).isDirectory()) return [notADirectory(path, nearest)];
  const code = context.machine.writeRefused(nearest);
  if (code !== undefined)
    return [
      problem('data directory', {
        what: `It is not there, and can not be made: ${nearest} takes no writing by user ${context.machine.uid} (${code}).`,
        where: path,
        mend: `Make it for the user of the server: mkdir -p ${path} && chown USER ${path}; or take another: ALLUVIUM_DATA_DIR.`,
      }),
    ];
  if (nearest !== dirname(path))
    return [
      warning('data directory', {
        what: `Neither it nor the directory above is there; the start would make it on the disk of ${nearest}.`,
        where: path,
        mend: 'If a volume should be there, mount it; if it is a slip, correct ALLUVIUM_DATA_DIR.',
      }),
      ...checkKind(nearest, context),
    ];
  return [
    fine('data directory', 'It is not there yet; the start makes it.', path),
    ...checkKind(nearest, context),
  ];
}

function notADirectory(path: string, file: string): Finding {
  return problem('data directory', {
    what: `${file} is a file, not a directory.`,
    where: path,
    mend: 'Correct ALLUVIUM_DATA_DIR, or move the file away.',
  });
}

/** A server that runs as it should answers at the address of the settings. */
function checkOwner(path: string, by: string, { server }: DoctorContext): readonly Finding[] {
  if (server.kind === 'alluvium')
    return [fine('data directory', `The running Alluvium has it: ${by}.`, path)];
  return [
    problem('data directory', {
      what: `It is in use by ${by}, which does not answer at the address of these settings. A second server would be refused.`,
      where: path,
      mend: 'Wait if that one is starting or ending; else stop it, or give this one a directory of its own: ALLUVIUM_DATA_DIR.',
    }),
  ];
}

/** By a file that is removed at once: rights alone don't tell whether a disk is read-only, or full to the last byte. */
function checkWriting(path: string, { machine }: DoctorContext): readonly Finding[] {
  const probe = join(path, `.doctor-${process.pid}`);
  let code = machine.writeRefused(path);
  try {
    if (code === undefined) writeFileSync(probe, 'x', { flag: 'wx' });
  } catch (error) {
    code = (error as NodeJS.ErrnoException).code ?? 'unknown';
  } finally {
    rmSync(probe, { force: true });
  }
  return [
    code === undefined
      ? fine('data directory', 'It can be written.', path)
      : notWritable(path, code, machine),
  ];
}

function notWritable(path: string, code: string, { uid }: DoctorContext['machine']): Finding {
  const { what, mend } = {
    EROFS: { what: 'Its disk is mounted read-only.', mend: 'Mount it for writing: mount -o remount,rw …' },
    ENOSPC: { what: 'Its disk is full.', mend: 'Free some space, or take another disk: ALLUVIUM_DATA_DIR.' },
  }[code] ?? {
    what: `It belongs to user ${statSync(path).uid} and can not be written by user ${uid} (${code}).`,
    mend: `chown -R ${uid} ${path}, or start the server as the user that it belongs to.`,
  };
  return problem('data directory', { what, where: path, mend });
}

/** Files of an earlier start by another user, two levels deep. */
function checkFiles(path: string, { machine }: DoctorContext): readonly Finding[] {
  const files = entriesOf(path).flatMap((entry) => [entry, ...entriesOf(entry)]);
  const refused = files.filter((file) => ['EACCES', 'EPERM'].includes(machine.writeRefused(file) ?? ''));
  if (refused.length === 0) return [];
  const shown = refused.slice(0, SHOWN).join(', ');
  return [
    problem('data directory', {
      what: `User ${machine.uid} can not read and write ${refused.length} files in it, such as ${shown}.`,
      where: path,
      mend: `chown -R ${machine.uid} ${path}: another user started the server here before.`,
    }),
  ];
}

function entriesOf(path: string): readonly string[] {
  try {
    return readdirSync(path).map((name) => join(path, name));
  } catch {
    return [];
  }
}

function checkKind(path: string, { machine }: DoctorContext): readonly Finding[] {
  if (machine.platform !== 'linux') return [];
  const { name, danger, mend = '' } = fileSystemKind(machine.fileSystem(path).type);
  if (danger === undefined) return [fine('data directory', `Its file system is ${name}.`, path)];
  return [warning('data directory', { what: `Its file system is ${name}. ${danger}`, where: path, mend })];
}
