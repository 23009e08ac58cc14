import { setTimeout as pause } from 'node:timers/promises';
import type { DoctorContext } from '../context.js';
import { fine, problem, warning, type Finding } from '../finding.js';

/** Years in which this program can be run. */
const YEARS = { first: 2025, last: 2100 };
/** Milliseconds for which the clock is watched. */
const WATCHED_MS = 250;
/** Milliseconds by which it may run otherwise than the steady one in that time. */
const TOLERATED_MS = 100;
/** Milliseconds by which a server may differ; its header has whole seconds. */
const TOLERATED_SKEW_MS = 5_000;
const MEND = 'Let the machine keep its time by the network: timedatectl set-ntp true, or chrony.';

/** Whether events that come without a time get the right one. */
export async function checkClock({ machine, server }: DoctorContext): Promise<readonly Finding[]> {
  const year = new Date(machine.wallMs()).getUTCFullYear();
  const time = new Date(machine.wallMs()).toISOString();
  if (year < YEARS.first || year > YEARS.last)
    return [
      problem('clock', {
        what: `It says ${time}, which can not be: events would be a long way from where people look for them.`,
        where: 'clock of this machine',
        mend: MEND,
      }),
    ];
  const drift = await watch(machine);
  const skew = server.kind === 'alluvium' ? (server.aheadMs ?? 0) : 0;
  const complaints = [
    ...(Math.abs(drift) > TOLERATED_MS
      ? [`It was moved by ${Math.round(drift)} ms while it was looked at.`]
      : []),
    ...(Math.abs(skew) > TOLERATED_SKEW_MS
      ? [`The server's clock is ${Math.round(Math.abs(skew) / 1_000)} s ${skew > 0 ? 'ahead' : 'behind'}.`]
      : []),
  ];
  if (complaints.length === 0) return [fine('clock', `It says ${time} and runs steadily.`)];
  return complaints.map((what) => warning('clock', { what, where: 'clock of this machine', mend: MEND }));
}

/** Milliseconds by which the clock ran ahead of the steady one. */
async function watch({ wallMs, steadyMs }: DoctorContext['machine']): Promise<number> {
  const [wall, steady] = [wallMs(), steadyMs()];
  await pause(WATCHED_MS);
  return wallMs() - wall - (steadyMs() - steady);
}
