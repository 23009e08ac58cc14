import { setImmediate as nextTurn } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { DEFAULT_STREAM } from '#event-model';
import { RedactionRules, type Redactor, type RedactionRule, type StoredRule } from '#redaction';
import { requireStream } from '../guarding/stream-access.js';
import { Problem } from '../problems/problem.js';
import type { RedactionDryRun, RedactionDryRunAnswer, RedactionRuleRequest } from './redactions.schema.js';

const NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/;

/** A rule as the API shows it. */
export type ShownRule = Omit<StoredRule, 'fields' | 'detectors'> & {
  fields: StoredRule['fields'][number][];
  detectors: StoredRule['detectors'][number][];
};

type DryRunResult = RedactionDryRunAnswer['results'][number];

/** Keeps a tenant's redaction rules and tries them. */
@Injectable()
export class RedactionsService {
  constructor(@Inject(RedactionRules) private readonly rules: RedactionRules) {}

  async list({ tenant }: Principal): Promise<readonly ShownRule[]> {
    return (await this.rules.list(tenant)).map(shown);
  }

  /** @throws Problem `redaction_name_invalid`, `forbidden`; RedactionError `too_many_redactions` */
  async put(caller: Principal, name: string, request: RedactionRuleRequest): Promise<ShownRule> {
    if (!NAME.test(name) || name === 'dry-run')
      throw new Problem('redaction_name_invalid', 'The path holds no name of a rule.');
    requireReach(caller, request.stream);
    const by = { key_id: caller.keyId, key_name: caller.keyName };
    const changed = { changed_at: new Date().toISOString(), changed_by: by };
    return shown(await this.rules.put(caller.tenant, { ...ruleOf(name, request), ...changed }));
  }

  /** @throws Problem `redaction_not_found`, `forbidden` */
  async remove(caller: Principal, name: string): Promise<ShownRule> {
    const rule = (await this.rules.list(caller.tenant)).find((one) => one.name === name);
    if (!rule) throw new Problem('redaction_not_found', 'The tenant has no rule of this name.');
    requireReach(caller, rule.stream);
    await this.rules.remove(caller.tenant, name);
    return shown(rule);
  }

  /** One result for each line, in order; others have their turn between two. */
  async dryRun(caller: Principal, request: RedactionDryRun): Promise<RedactionDryRunAnswer> {
    const { stream = DEFAULT_STREAM, at, rules } = request;
    const redactor = rules
      ? this.rules.of(rules.map((rule, n) => ruleOf(`rules[${n}]`, rule)))
      : await this.rules.redactor(caller.tenant, stream, at);
    const results: DryRunResult[] = [];
    for (const line of request.lines) {
      results.push(tryLine(line, redactor));
      await nextTurn();
    }
    return { results };
  }
}

function tryLine(line: string, redactor: Redactor | undefined): DryRunResult {
  const redacted = redactor?.line(Buffer.from(line));
  if (!redacted) return { line, changed: false, found: [] };
  const found = redacted.findings.map(({ rule, what }) => ({ rule, what }));
  return { line: redacted.line.toString(), changed: true, found };
}

function ruleOf(
  name: string,
  { action, at, stream, fields, detectors }: RedactionRuleRequest,
): RedactionRule {
  return { name, action, at, ...(stream !== undefined && { stream }), fields, detectors };
}

function shown(rule: StoredRule): ShownRule {
  return { ...rule, fields: [...rule.fields], detectors: [...rule.detectors] };
}

/** A key that is held to some streams makes no rules for others. */
function requireReach(caller: Principal, stream: string | undefined): void {
  if (stream !== undefined) requireStream(caller, stream);
  else if (caller.streams)
    throw new Problem('forbidden', 'The key is held to some streams.', {
      mend: 'Name one of them as `stream` of the rule.',
    });
}
