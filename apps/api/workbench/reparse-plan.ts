import type { ArchivedUnit } from '#archived-units';
import type { StoredForm, StoredFormCount, StoredPart } from '#plugin-kit';
import { isAsked, isTextLine } from '#storage-tier';
import type { ReparsePlan, ReparseRequest } from './reparse.schema.js';

/** What a plan is made of besides the parts. */
export interface PlanContext {
  readonly request: Pick<ReparseRequest, 'parser' | 'parsed_by'>;
  /** Whether there is such a parser now. */
  readonly hasParser: (name: string) => boolean;
  /** Bytes of disk above the reserve. */
  readonly room: number;
  /** Days of the span that archives answer for: what is read anew is in tables. */
  readonly archived: readonly Pick<ArchivedUnit, 'day' | 'generation' | 'events'>[];
}

const FORMS: readonly StoredForm[] = ['text', 'message', 'json', 'json_remade'];

/** What would happen to the events of these parts. */
export function planOf(stored: readonly StoredPart[], context: PlanContext): ReparsePlan {
  const parts = stored.filter((part) => !context.archived.some((unit) => isSamePart(unit, part)));
  const all = parts.flatMap(({ forms }) => forms);
  const asked = all.filter((one) => isAsked(one, context.request));
  const unreadable = asked.filter((one) => !isReadable(one, context));
  const copied = parts.filter(({ forms }) => forms.some((one) => isAsked(one, context.request)));
  const needed = Math.max(0, ...copied.map(({ diskBytes }) => diskBytes));
  const room = Math.max(0, context.room);
  return {
    events: eventsIn(asked) - eventsIn(unreadable),
    days: parts.map(shownPart),
    parsers: byParser(all.filter(isTextLine)),
    left_alone: [
      ...byParser(unreadable).map(({ parser, events }) => ({
        ...{ reason: 'parser_missing', events },
        mend: `Install the parser "${parser}" again, or name another one to read its lines: {"parser": "…", "parsed_by": "${parser}"}.`,
      })),
      ...notAsked(eventsIn(all) - eventsIn(asked)),
      ...inArchive(context.archived),
    ],
    disk_bytes_needed: needed,
    disk_bytes_free: room,
    fits: needed === 0 || needed < room,
  };
}

/** `YYYY-MM-DD` of `YYYYMMDD`. */
export function dayOf(day: number): string {
  return String(day).replace(/^(\d{4})(\d\d)/, '$1-$2-');
}

function isReadable(one: StoredFormCount, { request, hasParser }: PlanContext): boolean {
  return !isTextLine(one) || request.parser !== undefined || one.parser === '' || hasParser(one.parser);
}

function notAsked(events: number): ReparsePlan['left_alone'] {
  const mend = 'Leave parsed_by away to read these too.';
  return events > 0 ? [{ reason: 'not_asked', events, mend }] : [];
}

function inArchive(units: PlanContext['archived']): ReparsePlan['left_alone'] {
  const events = units.reduce((sum, unit) => sum + unit.events, 0);
  const mend = 'Archives answer for these days as they are.';
  return events > 0 ? [{ reason: 'archived', events, mend }] : [];
}

type PartPlace = Pick<StoredPart, 'day' | 'generation'>;

function isSamePart(a: PartPlace, b: PartPlace): boolean {
  return a.day === b.day && a.generation === b.generation;
}

function shownPart({
  day,
  generation,
  partEvents,
  diskBytes,
  forms,
}: StoredPart): ReparsePlan['days'][number] {
  const of = (form: StoredForm): number => eventsIn(forms.filter((one) => one.form === form));
  const [text = 0, message = 0, json = 0, remade = 0] = FORMS.map(of);
  return {
    ...{ day: dayOf(day), generation, events: eventsIn(forms), part_events: partEvents },
    disk_bytes: diskBytes,
    forms: { text, message, json, json_remade: remade },
  };
}

/** Most first. */
function byParser(texts: readonly StoredFormCount[]): ReparsePlan['parsers'] {
  const names = [...new Set(texts.map(({ parser }) => parser))];
  return names
    .map((parser) => ({ parser, events: eventsIn(texts.filter((one) => one.parser === parser)) }))
    .sort((a, b) => b.events - a.events);
}

function eventsIn(forms: readonly StoredFormCount[]): number {
  return forms.reduce((sum, { events }) => sum + events, 0);
}
