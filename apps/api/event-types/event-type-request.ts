import type { EventTypeDeclaration, FieldDeclaration, RollUpDeclaration } from '#event-model';
import { eventTypeProblems, type PluginProblem } from '#plugin-kit';
import { Problem, type RequestMistake } from '../problems/problem.js';
import type { EventTypeBody } from './event-types.schema.js';

/** What an admin declares, in the form of a plugin's declaration. */
export function declarationOf(name: string, body: EventTypeBody): EventTypeDeclaration {
  const { title, description, fields, sort_by: sortBy, roll_ups: rollUps, example } = body;
  return {
    name,
    title,
    description,
    fields: fields.map(fieldOf),
    sortBy,
    rollUps: rollUps.map(rollUpOf),
    example,
  };
}

function rollUpOf({ unique, ...rollUp }: EventTypeBody['roll_ups'][number]): RollUpDeclaration {
  return { ...rollUp, ...(unique !== undefined && { unique }) };
}

function fieldOf({ indexed, ...field }: EventTypeBody['fields'][number]): FieldDeclaration {
  return { ...field, ...(indexed !== undefined && { indexed }) };
}

/** What is wrong with a declaration, by the same checks as a plugin's; empty where nothing is. */
export function mistakesIn(declaration: EventTypeDeclaration): readonly RequestMistake[] {
  return eventTypeProblems(`event-type-${declaration.name}`, declaration).map(toMistake);
}

/** A problem in the words of the API: `eventType.sortBy: …` is about `sort_by`. */
export function toMistake({ what, mend }: PluginProblem): RequestMistake {
  const parts = /^(?:eventType\.)?([\w.]+)\b[^:]*: /.exec(what);
  const path = parts?.[1] ?? '';
  const message = what.replace(/^eventType\./, '').replace(/^(?:sortBy|rollUps)/, apiName);
  return { path: path.replace(/^(?:sortBy|rollUps)/, apiName), message, mend: `${mend}.` };
}

/** @throws Problem `event_type_invalid` with every mistake */
export function requireGood(declaration: EventTypeDeclaration): void {
  const errors = mistakesIn(declaration);
  if (errors.length === 0) return;
  const count = errors.length === 1 ? 'a mistake' : `${errors.length} mistakes`;
  throw new Problem('event_type_invalid', `The declaration has ${count}; see errors.`, { errors });
}

function apiName(name: string): string {
  return name === 'sortBy' ? 'sort_by' : 'roll_ups';
}
