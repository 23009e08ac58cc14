import type { EventTypeDeclaration } from '#event-model';

/** The line with what the type requires, without which every line would be refused for that. */
export function wholeLine(eventType: EventTypeDeclaration, line: Buffer): Buffer {
  const required = eventType.fields.filter((field) => field.required).map(({ name }) => `"${name}":"x"`);
  if (required.length === 0 || !/^\{\s*"/.test(line.toString('latin1'))) return line;
  return Buffer.concat([Buffer.from(`{${required.join(',')},`), line.subarray(1)]);
}
