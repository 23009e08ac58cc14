import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import {
  listSettings,
  RunTimeSettings,
  SETTINGS,
  SettingsError,
  type ChangeOptions,
  type Settings,
  type SettingsProblem,
} from '#app-config';
import { AlluviumError } from '#event-model';
import { DiskGuard } from '#observability';
import { diskObjection } from './disk-objection.js';
import { Problem, type RequestMistake } from '../problems/problem.js';
import type { SettingsPatch, ShownSettings } from './settings.schema.js';

/** Tries of a change that names no version, where others change settings at the same time. */
const TRIES = 5;

/** Shows all settings and changes those that may be changed while running. */
@Injectable()
export class SettingsService {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(RunTimeSettings) private readonly runTime: RunTimeSettings,
    @Inject(DiskGuard) private readonly disk: Pick<DiskGuard, 'look'>,
  ) {}

  list(): ShownSettings {
    const { version, changes, rejected } = this.runTime;
    const settings = [...listSettings(this.settings, this.runTime)];
    return {
      version,
      settings,
      changes: changes.map((change) => ({ ...change, patch: { ...change.patch } })),
      ...(rejected && { rejected: rejected.message }),
    };
  }

  /**
   * In force in this process when it resolves, in others within 5 s.
   *
   * @param ifVersion the version that the change is meant for; absent: any
   * @throws Problem `settings_invalid` with every mistake; AlluviumError `settings_conflict`. Nothing was changed.
   */
  async change(caller: Principal, patch: SettingsPatch, ifVersion?: number): Promise<void> {
    const by = { keyId: caller.keyId, keyName: caller.keyName };
    const object = diskObjection(await this.disk.look(), Object.keys(patch));
    try {
      if (ifVersion === undefined) await this.#changeAny(patch, { by, object });
      else await this.runTime.update(patch, { by, object, ifVersion });
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      const errors = error.problems.map(toMistake);
      throw new Problem('settings_invalid', 'Nothing was changed; see errors.', { errors });
    }
  }

  async #changeAny(patch: SettingsPatch, options: ChangeOptions): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        return void (await this.runTime.update(patch, options));
      } catch (error) {
        if (!isConflict(error) || tries === TRIES) throw error;
      }
    }
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof AlluviumError && error.code === 'settings_conflict';
}

function toMistake({ setting, given, expected, mend }: SettingsProblem): RequestMistake {
  return { path: setting, message: `is ${given}, expected ${expected}`, mend };
}
