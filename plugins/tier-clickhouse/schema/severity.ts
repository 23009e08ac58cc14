import { SEVERITY_WORDS, type FieldDeclaration } from '#event-model';
import { valueOf } from './input-keys.js';
import { lookUp } from './key-tables.js';

/** The event's severity number (OpenTelemetry, 1 to 24; 0: not known) from the word that its level is. */
export function renderSeverity(fields: readonly FieldDeclaration[]): string {
  const level = fields.find(({ name }) => name === 'level');
  if (!level) return '0';
  const words = Object.entries(SEVERITY_WORDS).map(([word, number]) => [word, String(number)] as const);
  return `toUInt8OrZero(${lookUp(`lower(trim(ifNull(${valueOf(level)}, '')))`, words)})`;
}
