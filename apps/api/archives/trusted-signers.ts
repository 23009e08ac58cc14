import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '#app-config';
import { findSigningKey } from '#archive-format';

/** The name by which the appliance itself is among those who are trusted. */
const OWN = 'this appliance';

/** Whose archives may be attached: by the id of a key, never by the key that a manifest brings. */
@Injectable()
export class TrustedSigners {
  constructor(@Inject(SETTINGS) private readonly settings: Pick<Settings, 'boot'>) {}

  /**
   * Names by ids of keys.
   *
   * @throws ArchiveFormatError `archive_signing_key_unusable`
   */
  async read(): Promise<ReadonlyMap<string, string>> {
    const { dataDir, archiveTrustedKeys } = this.settings.boot;
    const own = await findSigningKey(join(dataDir, 'archive-signing.pem'));
    return new Map([...archiveTrustedKeys, ...(own ? [[own.id, OWN] as const] : [])]);
  }
}
