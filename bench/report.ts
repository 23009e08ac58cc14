import { describeMachine } from './machine.js';

/** One line of a report: what was measured, its value, and what it is held against. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the value must not pass; undefined where there is no bound. */
  readonly bound?: { readonly kind: 'at most' | 'at least'; readonly value: number };
}

/** Prints the machine and the figures: as a table, or as one JSON document. */
export function printReport(title: string, figures: readonly Figure[], asJson: boolean): void {
  const machine = describeMachine();
  console.log(asJson ? JSON.stringify({ title, machine, figures }) : renderReport(title, machine, figures));
}

export function renderReport(title: string, machine: object, figures: readonly Figure[]): string {
  const width = Math.max(...figures.map(({ name }) => name.length));
  const facts = Object.entries(machine).map(([name, value]) => `${name} ${String(value)}`);
  const lines = figures.map((figure) => `  ${figure.name.padEnd(width)}  ${renderValue(figure)}`);
  return [title, `  ${facts.join(', ')}`, ...lines].join('\n');
}

/** Whether the value keeps its bound. */
export function isWithin({ value, bound }: Figure): boolean {
  if (bound === undefined) return true;
  return bound.kind === 'at most' ? value <= bound.value : value >= bound.value;
}

function renderValue(figure: Figure): string {
  const text = `${round(figure.value)} ${figure.unit}`.padEnd(24);
  if (figure.bound === undefined) return text.trimEnd();
  return `${text} ${figure.bound.kind} ${round(figure.bound.value)}${isWithin(figure) ? '' : '  MISSED'}`;
}

/** Four digits are more than two shared cores can tell apart. */
function round(value: number): string {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-GB');
  return String(Number(value.toPrecision(4)));
}
