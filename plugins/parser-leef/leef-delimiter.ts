/** What parts the attributes of a line. */
export interface LeefDelimiter {
  /** One character; or what a relay made of a tab. */
  readonly between: string;
  /** Set where LEEF 2.0 declares it, also as nothing. */
  readonly declared: string | undefined;
  /** Index at which the attributes begin. */
  readonly begin: number;
  /** What isn't as LEEF has it, one sentence each. */
  readonly faults: readonly string[];
}

const TAB = '\t';
/** A character, `x5E`, `0x5E` or `\t`. */
const HEX = /^0?[xX]([0-9a-fA-F]{1,4})$/;
const WRITTEN_TAB = '\\t';
/** Longer is no declaration. */
const LONGEST = 16;

const UNKNOWN = 'The delimiter is neither a character nor its number, such as ^ or x5E: a tab is taken.';
const OTHER = 'The attributes are parted otherwise than by a tab, or by what is declared.';

/**
 * Finds what parts the attributes. LEEF 1.0 has a tab. LEEF 2.0 declares a character, or its hexadecimal number, in a sixth
 * field, which may be empty or missing: then it is a tab as well. Where attributes are plainly parted by something else
 * that senders and relays use (a bar, a caret, `#011` or `<009>` for a tab), that is taken, and where there is no more than
 * spaces, those.
 *
 * @param begin index after the fifth field's bar
 */
export function findDelimiter(text: string, begin: number, version: string): LeefDelimiter {
  const found = version.startsWith('1') ? undeclared(begin) : declared(text, begin);
  const attributes = text.slice(found.begin);
  const between = likelier(attributes, found.between);
  if (between === found.between) return found;
  const faults = TAB_FORMS.includes(between) || between === '|' ? found.faults : [...found.faults, OTHER];
  return { ...found, between, faults };
}

function undeclared(begin: number): LeefDelimiter {
  return { between: TAB, declared: undefined, begin, faults: [] };
}

function declared(text: string, begin: number): LeefDelimiter {
  // The bar itself may be declared: `||`, and the bar that ends the field.
  if (text.startsWith('||', begin)) return { between: '|', declared: '|', begin: begin + 2, faults: [] };
  const bar = text.indexOf('|', begin);
  const field = bar < 0 ? undefined : text.slice(begin, Math.min(bar, begin + LONGEST + 1));
  if (field === undefined || field.length > LONGEST || field.includes('=')) return undeclared(begin);
  const between = characterOf(field);
  return between === undefined
    ? { between: TAB, declared: undefined, begin: bar + 1, faults: [UNKNOWN] }
    : { between, declared: field === '' ? '' : between, begin: bar + 1, faults: [] };
}

function characterOf(field: string): string | undefined {
  if (field === '' || field === WRITTEN_TAB) return TAB;
  const hex = HEX.exec(field)?.[1];
  if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
  return [...field].length === 1 ? field : undefined;
}

/** What relays write for a tab: rsyslog's escape, and that of printed logs. */
const TAB_FORMS: readonly string[] = ['#011', '<009>', '\\x09', '\\t'];
const OTHERS: readonly string[] = [...TAB_FORMS, '|', '^', ' '];
const KEY = /^ *[A-Za-z_][\w.-]{0,79}=/;
const LONGEST_START = 90;

/** The first of the usual delimiters that has a key behind it, where the one that is due has none. */
function likelier(attributes: string, due: string): string {
  if (hasKeyBehind(attributes, due)) return due;
  return [TAB, ...OTHERS].find((other) => other !== due && hasKeyBehind(attributes, other)) ?? due;
}

/** Places that are looked at. */
const TRIES = 20;

function hasKeyBehind(attributes: string, between: string): boolean {
  let at = attributes.indexOf(between);
  for (let n = 0; at >= 0 && n < TRIES; n += 1) {
    const from = at + between.length;
    if (KEY.test(attributes.slice(from, from + LONGEST_START))) return true;
    at = attributes.indexOf(between, from);
  }
  return false;
}
