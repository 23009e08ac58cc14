import type { DoctorContext } from '../context.js';
import { fine, problem, warning, type Finding } from '../finding.js';
import { addressOf } from '../machine/ask-server.js';

/** How a server that runs is. */
export function checkServer({ server, settings }: DoctorContext): readonly Finding[] {
  const where = addressOf(settings.boot)?.origin;
  if (server.kind !== 'alluvium') return [fine('server', 'None runs there now.', where)];
  const { status, parts } = server;
  if (status === 'up') return [fine('server', 'It runs, and takes events.', where)];
  const details = parts.length === 0 ? '' : ` Not up: ${parts.join('; ')}.`;
  const complaint = {
    where: where ?? '',
    mend: 'Look into its log; the findings above may say why. /health/ready tells its parts to a key with the scope metrics.',
  };
  return status === 'degraded'
    ? [warning('server', { ...complaint, what: `It takes events, but not all of it works.${details}` })]
    : [problem('server', { ...complaint, what: `It runs, but takes no events now.${details}` })];
}
