import { Inject, Injectable } from '@nestjs/common';
import { PLUGIN_REGISTRY, type PluginRegistry } from '#plugin-host';
import { StreamRegistry } from '#storage-tier';
import { Problem, type RequestMistake } from '../problems/problem.js';
import type { RuleRequest } from './rules.schema.js';

/** Checks what a schema can't know: that what rules name is there. */
@Injectable()
export class RuleChecks {
  constructor(
    @Inject(StreamRegistry) private readonly streams: StreamRegistry,
    @Inject(PLUGIN_REGISTRY) private readonly plugins: PluginRegistry,
  ) {}

  /**
   * @param rules each with its path in the request
   * @throws Problem `invalid_request` with every mistake
   */
  async check(tenant: string, rules: readonly (readonly [string, RuleRequest])[]): Promise<void> {
    const errors: RequestMistake[] = [];
    for (const [path, { when, action }] of rules) {
      const prefix = path === '' ? '' : `${path}.`;
      const parsers = (when.parsers ?? []).map((name, at): [string, string] => [`when.parsers.${at}`, name]);
      if (action.parser !== undefined) parsers.push(['action.parser', action.parser]);
      for (const [where, name] of parsers)
        if (!this.plugins.parsers.has(name)) errors.push(noParser(`${prefix}${where}`));
      if (action.parser !== undefined && this.plugins.parsers.grouping(action.parser))
        errors.push(joins(`${prefix}action.parser`));
      if (action.stream === undefined) continue;
      const stream = await this.streams.find(tenant, action.stream);
      if (!stream) errors.push(noStream(`${prefix}action.stream`));
      else if (stream.readOnly) errors.push(readOnly(`${prefix}action.stream`));
    }
    if (errors.length === 0) return;
    const count = errors.length === 1 ? 'a mistake' : `${errors.length} mistakes`;
    throw new Problem('invalid_request', `The rules have ${count}; see errors.`, { errors });
  }
}

function noParser(path: string): RequestMistake {
  return { path, message: 'is no parser', mend: 'Name one of GET /api/v1/parsers.' };
}

/** Lines are joined before rules are asked about them. */
function joins(path: string): RequestMistake {
  return {
    ...{ path, message: 'is a parser that joins lines' },
    mend: 'Ask for it where the lines come in: ?parser= of requests, parser of the sources of inputs.',
  };
}

function noStream(path: string): RequestMistake {
  return { path, message: 'is no stream', mend: 'Make it first, with POST /api/v1/streams.' };
}

function readOnly(path: string): RequestMistake {
  return { path, message: 'is a stream that takes no events', mend: 'Name another one.' };
}
