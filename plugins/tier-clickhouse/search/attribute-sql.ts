import type { BoundValues } from './bound-values.js';

/**
 * The raw JSON of a free field, empty where it is absent: the attribute of that very name or, for `a.b`, what is under
 * `b` inside the attribute `a`.
 */
export function rawAttribute(name: string, values: BoundValues): string {
  const whole = `attributes[${values.bind('String', name)}]`;
  const [first = '', ...path] = name.split('.');
  if (path.length === 0) return whole;
  const steps = path.map((step) => values.bind('String', step)).join(', ');
  const inner = `JSONExtractRaw(attributes[${values.bind('String', first)}], ${steps})`;
  return `if(${whole} != '', ${whole}, ${inner})`;
}

/** A free field as text: a string's value, all else as its JSON stands. */
export function attributeText(raw: string): string {
  return `if(startsWith(${raw}, '"'), JSONExtractString(${raw}), ${raw})`;
}
