import type { Logger } from 'pino';
import type { AuditRecord } from '#audit';
import type { PluginCatalog } from '#plugin-host';

const TRUST_AS = { action: 'plugin.trust', actor: { kind: 'file' } } as const;
const CHANGE_AS = { action: 'plugin.change', actor: { kind: 'appliance' } } as const;

/**
 * Records what becomes of outside plugins, whoever caused it: who is trusted (`alluvium plugin trust` writes a file), what was
 * loaded, replaced, taken away, or taken out after failures. Also what differs from the last process.
 */
export class PluginChangesAudit {
  constructor(
    private readonly audit: Pick<AuditRecord, 'seen'>,
    private readonly catalog: Pick<PluginCatalog, 'entries' | 'trusted' | 'onChange'>,
    private readonly logger: Pick<Logger, 'error'>,
  ) {}

  /** Looks now, and whenever plugins change. */
  async start(): Promise<void> {
    this.catalog.onChange(() => void this.look());
    await this.look();
  }

  /** Never rejects: what can't be recorded now is when plugins change again, or at the next start. */
  async look(): Promise<void> {
    try {
      const trusted = await this.catalog.trusted();
      if (trusted) await this.audit.seen.look('trust', trustStates(trusted), TRUST_AS);
      const outside = (await this.catalog.entries()).filter(({ origin }) => origin === 'outside');
      const states = outside.map(({ name, version, sha256, state }) => [name, { version, sha256, state }]);
      await this.audit.seen.look('plugins', Object.fromEntries(states), CHANGE_AS);
    } catch (error) {
      this.logger.error({ err: error }, 'changes of plugins are not in the audit record yet');
    }
  }
}

function trustStates(
  trusted: ReadonlyMap<string, readonly string[]>,
): Readonly<Record<string, { readonly versions: readonly string[] }>> {
  return Object.fromEntries([...trusted].map(([name, versions]) => [name, { versions }]));
}
