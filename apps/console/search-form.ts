import { byId } from './dom.js';
import { absoluteRange, lastRange, toField, type TimeRange } from './time-range.js';

const query = byId<HTMLInputElement>('query');
const range = byId<HTMLSelectElement>('range');
const [from, to] = [byId<HTMLInputElement>('from'), byId<HTMLInputElement>('to')];

export function currentQuery(): string {
  return query.value;
}

/** The range that is chosen; undefined where the times are none, which the field then says. */
export function currentRange(): TimeRange | undefined {
  if (range.value !== 'absolute') return lastRange(range.value);
  const chosen = absoluteRange(from.value, to.value);
  to.setCustomValidity(chosen ? '' : 'Give two times, the second after the first.');
  if (!chosen) to.reportValidity();
  return chosen;
}

/** Shows the two fields for times where they are asked for, filled with the last hour at first. */
export function watchRange(): void {
  range.addEventListener('change', () => showTimes());
  for (const field of [from, to]) field.addEventListener('input', () => to.setCustomValidity(''));
}

/** Chooses a range of two moments. */
export function chooseRange(start: number, end: number): void {
  range.value = 'absolute';
  [from.value, to.value] = [toField(start), toField(end)];
  showTimes();
}

/** Adds a condition that must hold too. */
export function addCondition(condition: string): void {
  const before = query.value.trim();
  query.value = before === '' ? condition : `(${before}) AND ${condition}`;
}

function showTimes(): void {
  byId('absolute').hidden = range.value !== 'absolute';
  if (range.value === 'absolute' && to.value === '') {
    const now = Date.now();
    [from.value, to.value] = [toField(now - 3.6e6), toField(now)];
  }
}
