import type { DoctorContext } from '../context.js';
import { fine, problem, warning, type Finding } from '../finding.js';

/** Files that the engine, the log and Node have open themselves, beside connections. */
const OWN_FILES = 2_048;
const LEAST_FILES = 1_024;
const MEND =
  'Raise it: ulimit -n 65536, LimitNOFILE=65536 in a systemd unit, or docker run --ulimit nofile=65536.';

/** Whether as many connections as are allowed could be open beside the files. */
export function checkOpenFiles({ machine, settings: { boot } }: DoctorContext): readonly Finding[] {
  const text = machine.readText('/proc/self/limits') ?? '';
  // Node raises the first, soft limit to the second, hard one at its start.
  const [, hard] = /^Max open files\s+\S+\s+(\S+)/m.exec(text) ?? [];
  if (hard === undefined) return [];
  const limit = hard === 'unlimited' ? Infinity : Number(hard);
  const wanted = boot.httpMaxConnections + OWN_FILES;
  const what = `${hard} files and connections may be open at once`;
  if (limit < LEAST_FILES)
    return [
      problem('open files', {
        what: `${what}; the least is ${LEAST_FILES}.`,
        where: 'ulimit -Hn',
        mend: MEND,
      }),
    ];
  if (limit < wanted)
    return [
      warning('open files', {
        what: `${what}, but ${wanted} are needed for ${boot.httpMaxConnections} connections.`,
        where: 'ulimit -Hn',
        mend: `${MEND} Or lower ALLUVIUM_HTTP_MAX_CONNECTIONS.`,
      }),
    ];
  return [fine('open files', `${what}.`, 'ulimit -Hn')];
}
