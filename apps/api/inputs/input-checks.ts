import { Inject, Injectable } from '@nestjs/common';
import { TenantRegistry } from '#access';
import { PLUGIN_REGISTRY, type PluginRegistry } from '#plugin-host';
import { Problem, type RequestMistake } from '../problems/problem.js';
import { invalidRequest } from '../requests/invalid-request.js';
import type { SourceRule } from './source-rules.js';

/** Checks of an input what its schema can't: what there is on this server. */
@Injectable()
export class InputChecks {
  constructor(
    @Inject(TenantRegistry) private readonly tenants: TenantRegistry,
    @Inject(PLUGIN_REGISTRY) private readonly plugins: PluginRegistry,
  ) {}

  /** @throws Problem `input_kind_unknown`, `invalid_request` */
  options(kind: string, options: unknown): void {
    const plugin = this.plugins.inputs.get(kind);
    if (!plugin) {
      const known = [...this.plugins.inputs.keys()].join(', ');
      throw new Problem(
        'input_kind_unknown',
        `There is no kind of input named "${kind}"; known are ${known}.`,
      );
    }
    const read = plugin.input.options.safeParse(options);
    if (read.success) return;
    throw invalidRequest(read.error.issues.map((issue) => ({ ...issue, path: ['options', ...issue.path] })));
  }

  /** @throws Problem `invalid_request`: a tenant or a parser that isn't there */
  async sources(sources: readonly SourceRule[]): Promise<void> {
    const errors: RequestMistake[] = [];
    for (const [index, { tenant, parser }] of sources.entries()) {
      const path = `sources.${index}`;
      if (!(await this.tenants.exists(tenant)))
        errors.push({
          path: `${path}.tenant`,
          message: 'is no tenant',
          mend: 'Name one of GET /api/v1/tenants.',
        });
      if (parser !== undefined && !this.plugins.parsers.has(parser))
        errors.push({
          path: `${path}.parser`,
          message: 'is no parser',
          mend: 'Name one of GET /api/v1/parsers.',
        });
    }
    if (errors.length > 0)
      throw new Problem('invalid_request', 'The sources have mistakes; see errors.', { errors });
  }
}
