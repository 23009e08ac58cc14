import { Inject, Injectable } from '@nestjs/common';
import type { BlockHeader } from '#event-model';
import { PLUGIN_REGISTRY, type PluginRegistry } from '#plugin-host';
import { AUTO_PARSER, type LineGrouping } from '#plugin-kit';
import { requireParser } from '../parsers/require-parser.js';
import { Problem } from '../problems/problem.js';
import { eventFormOf, type EventForm } from '../requests/body-rules.js';
import type { IngestQuery } from './ingest-query.schema.js';

/** How the events of a request lie in its body, and how its blocks are to be read. */
export interface EventLayout extends Pick<BlockHeader, 'format' | 'parser' | 'zone'> {
  readonly form: EventForm;
  /** Whether every event is checked before anything is written. */
  readonly strict: boolean;
  /** Of text whose parser makes one event of several lines: how they are found. */
  readonly grouping?: LineGrouping;
}

/** Reads from its type and its query string what a request asks for. */
@Injectable()
export class LayoutReader {
  constructor(@Inject(PLUGIN_REGISTRY) private readonly plugins: PluginRegistry) {}

  /** @throws Problem `parser_unknown`, `invalid_request`, `unsupported_media_type` */
  read(contentType: string | undefined, { parser, strict }: IngestQuery): EventLayout {
    const form = eventFormOf(contentType);
    if (form === undefined) throw new Problem('unsupported_media_type', 'The body has no type of events.');
    if (form === 'text') return this.#ofText(parser ?? AUTO_PARSER, strict);
    if (parser !== undefined)
      throw mistaken('parser', 'belongs to lines of text', 'Leave it out, or send text/plain.');
    return { form, format: 'ndjson', strict };
  }

  #ofText(parser: string, strict: boolean): EventLayout {
    if (strict) throw mistaken('strict', 'is for JSON events', 'Leave it out, or send the events as JSON.');
    const { parsers } = this.plugins;
    requireParser(parsers, parser);
    const grouping = parsers.grouping(parser);
    return { form: 'text', format: 'lines', parser, strict, ...(grouping && { grouping }) };
  }
}

function mistaken(path: string, message: string, mend: string): Problem {
  return new Problem('invalid_request', `The request has a mistake: ${path} ${message}.`, {
    errors: [{ path, message, mend }],
  });
}
