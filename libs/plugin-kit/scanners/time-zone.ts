/** A time zone behind a time of day. */
export interface ScannedZone {
  /** As RFC 3339 writes it, `Z` or `+02:00`; undefined for a name that means several zones, such as IST. */
  readonly offset: string | undefined;
  /** Index after it. */
  readonly end: number;
}

/** Hours and minutes east of UTC of the names that mean one zone: those of RFC 5322 4.3, and common ones of Java's. */
const NAMED: Readonly<Record<string, string>> = {
  Z: 'Z',
  UT: 'Z',
  UTC: 'Z',
  GMT: 'Z',
  WET: 'Z',
  EST: '-05:00',
  EDT: '-04:00',
  CST: '-06:00',
  CDT: '-05:00',
  MST: '-07:00',
  MDT: '-06:00',
  PST: '-08:00',
  PDT: '-07:00',
  WEST: '+01:00',
  CET: '+01:00',
  CEST: '+02:00',
  EET: '+02:00',
  EEST: '+03:00',
  MSK: '+03:00',
  SGT: '+08:00',
  HKT: '+08:00',
  JST: '+09:00',
  KST: '+09:00',
  AEST: '+10:00',
  AEDT: '+11:00',
  NZST: '+12:00',
  NZDT: '+13:00',
};
/** India, Israel or Ireland; Britain or Bangladesh; and so on. */
const AMBIGUOUS: ReadonlySet<string> = new Set([
  'IST',
  'BST',
  'AST',
  'GST',
  'SST',
  'ADT',
  'PKT',
  'ICT',
  'WIB',
]);

const NAME = /[A-Z]{1,4}(?![A-Za-z0-9_.])/y;
const OFFSET = /(?:UTC|GMT)?([+-])([01]?\d|2[0-3])(?::?([0-5]\d))?(?![\d:])/y;

/**
 * Reads the zone at `at`: `Z`, an offset (`+02:00`, `+0200`, `+02`, `GMT+02:00`) or a name of at most four capitals. Of the
 * names those are taken whose meaning is known, and those known to mean several zones; any other is none.
 */
export function scanZone(text: string, at = 0): ScannedZone | undefined {
  OFFSET.lastIndex = at;
  const offset = OFFSET.exec(text);
  if (offset) {
    const [, sign, hours = '', minutes = '00'] = offset;
    return { offset: `${sign}${hours.padStart(2, '0')}:${minutes}`, end: OFFSET.lastIndex };
  }
  NAME.lastIndex = at;
  const name = NAME.exec(text)?.[0];
  if (name === undefined) return undefined;
  if (Object.hasOwn(NAMED, name)) return { offset: NAMED[name], end: NAME.lastIndex };
  return AMBIGUOUS.has(name) ? { offset: undefined, end: NAME.lastIndex } : undefined;
}
