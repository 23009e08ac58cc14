/** What breaks out of a statement that is put together from text, and what means something in a pattern. */
const CORES: readonly string[] = [
  "'", "''", "\\'", '\\', '\\\\', '"', '""', '`', '``', '’', 'ʼ', '＇', '“', '«', '%', '_', '%%', '\\%', '\\_', '*', '?', '\\*', '.*', '[a-z]+', '(', ')', '))', '{', '}', '[', ']',
  '{p0:String}', '{x:String}', '{p0:Array(String)}', '{p0:Identifier}', ';', '--', '#', '/*', '*/', '/**/', '\0', '\u0001', '\b', '\t', '\u001a', '\u2028', '\ufeff', '🙂', '\u{10ffff}',
  "' OR 1=1 --", "' OR ''='", "') OR 1=1 --", '" OR ""="', "' UNION ALL SELECT 1 --", "'; DROP TABLE x --", "') UNION ALL SELECT * FROM system.tables --", '1 OR 1', 'NULL', 'true',
  'SELECT', 'AND', 'NOT a', '${x}', '$where', '__proto__', 'constructor', '\\x27', '\\u0027', '%27', "E'", 'SETTINGS readonly=0', 'FORMAT JSON',
]; // prettier-ignore

/** Each of them alone, within words, at either end, and twice. */
const POSITIONS: readonly ((core: string) => string)[] = [
  (core) => core,
  (core) => `a${core}b`,
  (core) => `a ${core}`,
  (core) => `${core} b`,
  (core) => `${core}${core}c`,
];

/** More than 300 texts. */
export const HOSTILE_TEXTS: readonly string[] = [
  ...new Set(CORES.flatMap((core) => POSITIONS.map((place) => place(core)))),
];
