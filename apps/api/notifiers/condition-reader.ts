import { Inject, Injectable } from '@nestjs/common';
import type { Registry } from 'prom-client';
import { RunTimeSettings } from '#app-config';
import { AuditRecord } from '#audit';
import { Enrichments } from '#enrichment';
import { EVENT_BUS, type InspectableEventBus } from '#event-bus';
import type { Condition } from '#notification';
import { DiskGuard, METRICS } from '#observability';
import { PluginCatalog } from '#plugin-host';
import { InputManager } from '../inputs/input-manager.js';

/** Set by the scheduler, once a minute. */
const RESIDUE = 'alluvium_ledger_residue_events';

const WHAT_IS_REFUSED = {
  warning: 'Nothing is refused yet.',
  low_refused: 'Events for streams of the class low are refused with 429.',
  normal_refused: 'Events are refused with 429, but for streams of the class critical.',
} as const;

/** Says all that is wrong now, from what the parts of the server know of themselves: it measures nothing of its own. */
@Injectable()
export class ConditionReader {
  constructor(
    @Inject(DiskGuard) private readonly disk: DiskGuard,
    @Inject(EVENT_BUS) private readonly bus: Pick<InspectableEventBus, 'backlog'>,
    @Inject(RunTimeSettings) private readonly settings: Pick<RunTimeSettings, 'current'>,
    @Inject(METRICS) private readonly metrics: Registry,
  ) {}

  @Inject(InputManager) private readonly inputs!: Pick<InputManager, 'list'>;
  @Inject(PluginCatalog) private readonly plugins!: Pick<PluginCatalog, 'entries'>;
  @Inject(AuditRecord) private readonly audit!: Pick<AuditRecord, 'verifier'>;
  @Inject(Enrichments) private readonly enrichments!: Pick<Enrichments, 'watched'>;

  /** What is wrong, each with a key of its own. */
  async read(): Promise<readonly Condition[]> {
    const lists = await Promise.all([
      ...[this.#disk(), this.#suspendedPlugins(), this.#residue(), this.#brokenAudit()],
    ]);
    return [...lists.flat(), ...this.#backlog(), ...this.#failedInputs(), ...this.#enrichments()];
  }

  async #disk(): Promise<readonly Condition[]> {
    const { level, places, freeBytes, reserveBytes, usedPercent, error } = (await this.disk.look()).worst;
    if (level === 'ok') return [];
    const facts = {
      free_bytes: freeBytes,
      reserve_bytes: reserveBytes,
      used_percent: Math.round(usedPercent),
    };
    if (level === 'refusing')
      return [
        {
          kind: 'disk_reserve',
          key: 'disk_reserve',
          severity: 'critical',
          title: 'The disk has fallen to its reserve',
          text: 'Events are refused with 503. Free space on the disk of the data directory, or make it larger.',
          facts: { ...facts, places: places.join(','), ...(error !== undefined && { error }) },
        },
      ];
    return [
      {
        kind: 'disk_filling',
        key: 'disk_filling',
        severity: 'warning',
        title: 'The disk is filling up',
        text: `${WHAT_IS_REFUSED[level]} Free space, make the disk larger, or keep less: GET /api/v1/disk says when it will be full.`,
        facts: { ...facts, places: places.join(','), level },
      },
    ];
  }

  #backlog(): readonly Condition[] {
    const { bytes } = this.bus.backlog();
    const limit = this.settings.current.backlogBytes;
    if (bytes < limit) return [];
    return [
      {
        kind: 'backlog_full',
        key: 'backlog_full',
        severity: 'critical',
        title: 'The backlog is full',
        text: 'Events are refused with 429 until those that wait are stored. Look at the search tier, or send less.',
        facts: { backlog_bytes: bytes, limit_bytes: limit },
      },
    ];
  }

  async #suspendedPlugins(): Promise<readonly Condition[]> {
    const suspended = (await this.plugins.entries()).filter(({ state }) => state === 'suspended');
    return suspended.map(({ name, version = '', restarts }): Condition => ({
      kind: 'plugin_suspended',
      key: `plugin_suspended/${name}`,
      severity: 'warning',
      title: `The plugin ${name} was taken out`,
      text: 'It failed again and again. Lines for a parser go to quarantine, an input does not listen, events go on without what an enricher adds, a notifier tells nobody. Mend it, load it again, replay what is in quarantine.',
      facts: { plugin: name, version, restarts },
    }));
  }

  #failedInputs(): readonly Condition[] {
    const failed = this.inputs.list().filter(({ state }) => state === 'failed');
    return failed.map(({ record, trouble }): Condition => ({
      kind: 'input_failed',
      key: `input_failed/${record.name}`,
      severity: 'warning',
      title: `The input ${record.name} does not listen`,
      text: [trouble?.message, trouble?.mend].filter((part) => part !== undefined).join(' '),
      facts: { input: record.name, kind: record.kind },
    }));
  }

  #enrichments(): readonly Condition[] {
    const troubled = this.enrichments.watched().filter(({ status }) => status.trouble !== undefined);
    return troubled.map(({ tenant, name, status }): Condition => ({
      kind: 'enrichment_failed',
      key: `enrichment_failed/${tenant}/${name}`,
      severity: 'warning',
      title: `The data of the enrichment ${name} can not be opened`,
      text: (status.trouble?.mistakes ?? []).map(({ what, mend }) => `${what} ${mend}`).join(' '),
      facts: { tenant, enrichment: name, state: status.state },
    }));
  }

  async #brokenAudit(): Promise<readonly Condition[]> {
    const broken = (await this.audit.verifier.last())?.broken;
    if (!broken) return [];
    return [
      {
        kind: 'audit_broken',
        key: 'audit_broken',
        severity: 'critical',
        title: 'The audit record was rewritten',
        text: `Entry ${broken.sequence}: ${broken.detail} Find out who can write to the data directory; GET /api/v1/audit/verify says how it is now.`,
        facts: { sequence: broken.sequence, problem: broken.problem },
      },
    ];
  }

  async #residue(): Promise<readonly Condition[]> {
    const found = await this.metrics.getSingleMetric(RESIDUE)?.get();
    const wrong = (found?.values ?? []).filter(({ value }) => value !== 0);
    return wrong.map(({ value, labels }): Condition => ({
      kind: 'ledger_residue',
      key: `ledger_residue/${labels['tenant']}`,
      severity: 'critical',
      title: value > 0 ? 'Acknowledged events are missing' : 'Events are there too often',
      text: 'The ledger does not add up: GET /api/v1/ledger says for which stream, source and minute.',
      facts: { tenant: String(labels['tenant']), events: value },
    }));
  }
}
