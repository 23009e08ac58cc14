import type { Logger } from 'pino';
import { listSettings, type RunTimeSettings, type Settings } from '#app-config';
import type { AuditRecord } from '#audit';

const AS = { action: 'settings.start', actor: { kind: 'file' } } as const;

/** What the settings are looked at with. */
export interface BootSettingsParts {
  readonly audit: Pick<AuditRecord, 'seen'>;
  readonly settings: Settings;
  readonly runTime: RunTimeSettings;
  readonly logger: Pick<Logger, 'error'>;
  /** The name of this process, where it is one of several: each has settings of its own. */
  readonly process?: string;
}

/**
 * Records settings of the environment and of files that differ from those of the last start. Secrets are `***` in both. What can't
 * be recorded now, say because the disk is full, is at the next start: no reason not to start.
 */
export async function recordBootSettings(parts: BootSettingsParts): Promise<void> {
  const { audit, settings, runTime, logger, process } = parts;
  const set = listSettings(settings, runTime).filter(
    ({ source }) => source !== 'default' && source !== 'api',
  );
  const values = Object.fromEntries(set.map(({ env, value }) => [env, value]));
  try {
    const object = process === undefined ? 'settings' : `settings of ${process}`;
    await audit.seen.look(object.replaceAll(' ', '-'), { [object]: values }, AS);
  } catch (error) {
    logger.error({ err: error }, 'changed boot settings are not in the audit record yet');
  }
}
