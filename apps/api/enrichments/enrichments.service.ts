import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { Enrichments, type EnrichmentRule, type LineEnricher, type StoredEnrichment } from '#enrichment';
import { DEFAULT_STREAM, type EventTypeDeclaration } from '#event-model';
import { PLUGIN_REGISTRY, type PluginRegistry } from '#plugin-host';
import { enricherName, type EnricherMistake } from '#plugin-kit';
import { StreamRegistry } from '#storage-tier';
import { requireStream } from '../guarding/stream-access.js';
import { DryRunQueue } from '../parsers/dry-run-queue.js';
import { shownKind } from '../plugins/shown-kind.js';
import { Problem, type RequestMistake } from '../problems/problem.js';
import { invalidRequest } from '../requests/invalid-request.js';
import type {
  EnrichmentDryRun,
  EnrichmentDryRunAnswer,
  EnrichmentRequest,
  ShownEnrichment,
  ShownEnrichments,
} from './enrichments.schema.js';
import { shownEnrichment } from './shown-enrichment.js';

const NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/;
/** The type of streams that say nothing else. */
const LOG = 'log';

/** Keeps a tenant's enrichments and tries them. */
@Injectable()
export class EnrichmentsService {
  readonly #dryRuns = new DryRunQueue();

  constructor(
    @Inject(Enrichments) private readonly enrichments: Enrichments,
    @Inject(PLUGIN_REGISTRY) private readonly plugins: PluginRegistry,
    @Inject(StreamRegistry) private readonly streams: StreamRegistry,
  ) {}

  async list({ tenant }: Principal): Promise<ShownEnrichments> {
    const rules = await this.enrichments.list(tenant);
    return {
      enrichments: rules.map((rule) => this.#shown(tenant, rule)),
      kinds: [...this.plugins.enrichers.values()].map(({ manifest, enricher }) =>
        shownKind(enricherName(manifest), manifest, enricher.options),
      ),
    };
  }

  /** @throws Problem `enrichment_not_found` */
  async find({ tenant }: Principal, name: string): Promise<ShownEnrichment> {
    return this.#shown(tenant, await this.#rule(tenant, name));
  }

  /**
   * @throws Problem `enrichment_name_invalid`, `enrichment_kind_unknown`, `invalid_request`, `enrichment_invalid`,
   * `forbidden`; EnrichmentError `too_many_enrichments`
   */
  async put(caller: Principal, name: string, request: EnrichmentRequest): Promise<ShownEnrichment> {
    if (!NAME.test(name) || name === 'dry-run')
      throw new Problem('enrichment_name_invalid', 'The path holds no name of an enrichment.');
    requireReach(caller, request.streams);
    const { tenant, keyId, keyName } = caller;
    const before = (await this.enrichments.list(tenant)).find((rule) => rule.name === name);
    if (before) requireReach(caller, before.streams);
    this.#checkOptions(request, []);
    const changed_by = { key_id: keyId, key_name: keyName };
    const rule = { ...ruleOf(name, request), changed_at: new Date().toISOString(), changed_by };
    const outcome = await this.enrichments.put(tenant, rule);
    if ('mistakes' in outcome) throw dataProblem(outcome.mistakes.map((mistake) => toMistake(mistake, [])));
    return this.#shown(tenant, outcome.stored);
  }

  /** @throws Problem `enrichment_not_found`, `forbidden` */
  async remove(caller: Principal, name: string): Promise<ShownEnrichment> {
    const rule = await this.#rule(caller.tenant, name);
    requireReach(caller, rule.streams);
    const shown = this.#shown(caller.tenant, rule);
    await this.enrichments.remove(caller.tenant, name);
    return shown;
  }

  /** @throws Problem `enrichment_not_found`, `forbidden` */
  async reload(caller: Principal, name: string): Promise<ShownEnrichment> {
    const rule = await this.#rule(caller.tenant, name);
    requireReach(caller, rule.streams);
    await this.enrichments.reload(caller.tenant, rule);
    return this.#shown(caller.tenant, rule);
  }

  /**
   * One result for each event, in order.
   *
   * @throws Problem `enrichment_kind_unknown`, `invalid_request`, `enrichment_invalid`, `too_many_dry_runs`
   */
  async dryRun({ tenant }: Principal, request: EnrichmentDryRun): Promise<EnrichmentDryRunAnswer> {
    const { stream = DEFAULT_STREAM, events, enrichments } = request;
    const eventType = await this.#eventType(tenant, stream);
    if (!enrichments) {
      const enricher = await this.enrichments.rehearsal({ tenant, name: stream });
      await enricher.ready();
      return { results: await resultsOf(enricher, events, eventType) };
    }
    enrichments.forEach((rule, n) => this.#checkOptions(rule, ['enrichments', n]));
    const rules = enrichments.map((rule, n) => ruleOf(`enrichments[${n}]`, rule));
    return this.#dryRuns.run(async () => {
      const trial = await this.enrichments.trial(tenant, rules);
      try {
        const mistakes = trial.mistakes.flatMap((some, n) =>
          some.map((mistake) => toMistake(mistake, ['enrichments', n])),
        );
        if (mistakes.length > 0) throw dataProblem(mistakes);
        return { results: await resultsOf(trial.enricher, events, eventType) };
      } finally {
        trial.close();
      }
    });
  }

  async #eventType(tenant: string, stream: string): Promise<EventTypeDeclaration> {
    const found = (await this.streams.find(tenant, stream))?.eventType ?? this.plugins.eventTypes.get(LOG);
    if (found) return found;
    throw new Problem('event_type_unknown', `No plugin declares the event type "${LOG}".`);
  }

  async #rule(tenant: string, name: string): Promise<StoredEnrichment> {
    const rule = (await this.enrichments.list(tenant)).find((one) => one.name === name);
    if (rule) return rule;
    throw new Problem('enrichment_not_found', 'The tenant has no enrichment of this name.');
  }

  #checkOptions({ kind, options }: EnrichmentRequest, path: readonly (string | number)[]): void {
    const plugin = this.plugins.enrichers.get(kind);
    if (!plugin) {
      const known = [...this.plugins.enrichers.keys()].join(', ');
      throw new Problem(
        'enrichment_kind_unknown',
        `There is no kind of enrichment named "${kind}"; known are ${known}.`,
      );
    }
    const read = plugin.enricher.options.safeParse(options);
    if (read.success) return;
    const issues = read.error.issues.map((issue) => ({
      ...issue,
      path: [...path, 'options', ...issue.path],
    }));
    throw invalidRequest(issues);
  }

  #shown(tenant: string, rule: StoredEnrichment): ShownEnrichment {
    return shownEnrichment(rule, this.enrichments.status(tenant, rule));
  }
}

async function resultsOf(
  enricher: LineEnricher,
  events: EnrichmentDryRun['events'],
  eventType: EventTypeDeclaration,
): Promise<EnrichmentDryRunAnswer['results']> {
  const lines = events.map((event) => Buffer.from(JSON.stringify(event)));
  const enriched = await enricher.lines(lines, eventType);
  return enriched.map(({ added }) => ({
    added: JSON.parse(`{${added.slice(1)}}`) as Record<string, unknown>,
  }));
}

function ruleOf(name: string, { kind, options, streams, field, prefix }: EnrichmentRequest): EnrichmentRule {
  return { name, kind, options, streams, field, ...(prefix !== undefined && { prefix }) };
}

function toMistake(
  { option, what, mend }: EnricherMistake,
  path: readonly (string | number)[],
): RequestMistake {
  return { path: [...path, 'options', option].join('.'), message: what, mend };
}

function dataProblem(errors: readonly RequestMistake[]): Problem {
  return new Problem('enrichment_invalid', 'The data can not be used; see errors.', { errors });
}

/** A key that is held to some streams makes and changes no enrichments of others. */
function requireReach(caller: Principal, streams: readonly string[]): void {
  for (const stream of streams) requireStream(caller, stream);
  if (streams.length === 0 && caller.streams)
    throw new Problem('forbidden', 'The key is held to some streams.', {
      mend: 'Name some of them as `streams` of the enrichment.',
    });
}
