import { Inject, Injectable } from '@nestjs/common';
import { RunTimeSettings } from '#app-config';
import {
  frameLinesInPieces,
  splitJson,
  type BrokenJson,
  type FramedLines,
  type LongElement,
  type LongLine,
} from '#event-bus';
import { inTurns, RedactionRules } from '#redaction';
import { Problem } from '../problems/problem.js';
import type { EventLayout } from './event-layout.js';
import { groupLinesInPieces } from './group-lines.js';

const NDJSON_HINT = 'Send one JSON object or array; several objects, one a line, are application/x-ndjson.';

/** What of a layout says how a body is framed. */
export type BodyLayout = Pick<EventLayout, 'form' | 'grouping'>;

/** Where the events of a body go. */
export interface EventTarget {
  readonly tenant: string;
  readonly stream: string;
}

type Framing = Generator<void, FramedLines | LongLine | LongElement | BrokenJson>;

/** Brings a body into the form of a block, within the limits in force. */
@Injectable()
export class EventFramer {
  constructor(
    @Inject(RunTimeSettings) private readonly settings: RunTimeSettings,
    @Inject(RedactionRules) private readonly redactions: RedactionRules,
  ) {}

  /**
   * Lets other work run while it frames a large body. What is to be redacted is so before anything else sees the lines.
   *
   * @param body its bytes may be moved
   * @throws Problem `empty_body`, `line_too_long`, `invalid_json`
   */
  async frame(body: Uint8Array, layout: BodyLayout, target: EventTarget): Promise<FramedLines> {
    const framed = await this.#frame(body, layout);
    const redactor = await this.redactions.redactor(target.tenant, target.stream, 'accept');
    return redactor ? { ...framed, body: await inTurns(redactor.body(framed.body)) } : framed;
  }

  async #frame(body: Uint8Array, layout: BodyLayout): Promise<FramedLines> {
    const { form } = layout;
    const limit = this.settings.current.limitsLineBytes;
    const framed = await inTurns(framingOf(withoutMark(body), limit, layout));
    if (!('body' in framed)) throw refusalOf(framed, limit);
    if (framed.count === 0)
      throw new Problem(
        'empty_body',
        `The body has no ${form === 'json' ? 'event' : 'line that is not blank'}.`,
      );
    return framed;
  }
}

function framingOf(bytes: Uint8Array, limit: number, { form, grouping }: BodyLayout): Framing {
  if (form === 'json') return splitJson(bytes, limit);
  return grouping ? groupLinesInPieces(bytes, limit, grouping) : frameLinesInPieces(bytes, limit);
}

/** Without the byte order mark that some editors put before UTF-8. */
function withoutMark(body: Uint8Array): Uint8Array {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? body.subarray(3) : body;
}

function refusalOf(found: LongLine | LongElement | BrokenJson, limit: number): Problem {
  if ('tooLong' in found) {
    const { line, bytes } = found.tooLong;
    return new Problem('line_too_long', `Line ${line} has ${bytes} bytes; a line may have ${limit}.`);
  }
  if ('longElement' in found) {
    const { index } = found.longElement;
    const detail = `The event with index ${index} (the first is 0) has more than ${limit} bytes, the most that one may have.`;
    return new Problem('line_too_long', detail, { mend: 'Shorten the event, or split it.' });
  }
  const { at, what } = found.broken;
  return new Problem('invalid_json', `${what}, at byte ${at} of the body (the first is 0).`, {
    mend: NDJSON_HINT,
  });
}
