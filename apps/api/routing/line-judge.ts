import { Inject, Injectable } from '@nestjs/common';
import { nowNs, type EventTypeDeclaration } from '#event-model';
import { isRefusal, mapEvent } from '#plugin-kit';
import { DryRunService } from '../parsers/dry-run.service.js';
import type { DryRunResult } from '../parsers/parsers.schema.js';
import { shownEvent } from '../parsers/shown-event.js';

/** A line that goes somewhere. */
export interface JudgedLine {
  readonly line: Buffer;
  readonly eventType: EventTypeDeclaration;
  /** Of text; undefined of JSON. */
  readonly parser: string | undefined;
}

/** Says what lines would be in the streams that they go to. */
@Injectable()
export class LineJudge {
  constructor(@Inject(DryRunService) private readonly dryRuns: DryRunService) {}

  /** A result for each line. @throws Problem as `DryRunService.runPasted` */
  async judge(lines: readonly JudgedLine[]): Promise<ReadonlyMap<Buffer, DryRunResult>> {
    const results = new Map<Buffer, DryRunResult>();
    for (const group of groupsOf(lines)) {
      const [{ parser, eventType }] = group;
      const found =
        parser === undefined
          ? group.map(({ line }) => mapped(line, eventType))
          : await this.#parsed(parser, eventType.name, group);
      group.forEach(({ line }, at) => results.set(line, found[at] as DryRunResult));
    }
    return results;
  }

  #parsed(parser: string, eventType: string, group: readonly JudgedLine[]): Promise<readonly DryRunResult[]> {
    const lines = group.map(({ line }) => line.toString());
    return this.dryRuns.runPasted(parser, { lines, options: { event_type: eventType } });
  }
}

type Group = [JudgedLine, ...JudgedLine[]];

/** Lines of one parser and one type, which one dry run judges. */
function groupsOf(lines: readonly JudgedLine[]): Iterable<Group> {
  const groups = new Map<string, Group>();
  for (const line of lines) {
    const name = `${line.parser ?? ''}/${line.eventType.name}`;
    const group = groups.get(name);
    if (group) group.push(line);
    else groups.set(name, [line]);
  }
  return groups.values();
}

function mapped(line: Buffer, eventType: EventTypeDeclaration): DryRunResult {
  const event = mapEvent(eventType, line, nowNs());
  if (!isRefusal(event))
    return { parser: null, confidence: 'full', certainty: 1, event: shownEvent(event), warnings: [] };
  const { reason, message, mend } = event;
  return { parser: null, reason, message, mend };
}
