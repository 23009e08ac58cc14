import type { FieldDeclaration, FieldType } from '#event-model';
import type { StreamSpec } from '#plugin-kit';
import { fieldsOf } from '../schema/columns.js';
import { quoteName, quoteText } from '../schema/names.js';

/** Before a line whose attributes JavaScript must look at; no JSON text holds this byte. */
export const CARE = 0x01;
/** Characters of {@link keySql}: twenty digits, a block, ten digits. */
export const KEY_LENGTH = 20 + 32 + 10;

const MAX_SAFE = Number.MAX_SAFE_INTEGER;
const HEX_BYTES: Readonly<Partial<Record<FieldType, number>>> = { hex16: 16, hex8: 8 };

/**
 * An expression that makes an event's JSON text, equal to what `toStoredEvent` makes of its row: so that millions of events
 * pass from the engine to a client without becoming objects on the way. What only JavaScript can make equal (repeated
 * keys and long integers inside attributes) is marked by {@link CARE}.
 */
export function lineSql(stream: StreamSpec): string {
  const head = `,"tenant":${JSON.stringify(stream.tenant)},"stream":${JSON.stringify(stream.name)},"source":`;
  const parts = [
    `if(${NEEDS_CARE}, char(${CARE}), '')`,
    `'{"event_id":"'`,
    'lower(hex(block))',
    `'-'`,
    'toString(row)',
    quoteText(`"${head}`),
    'toJSONString(source)',
    `',"timestamp":"'`,
    timeSql('timestamp'),
    `'","observed_timestamp":"'`,
    timeSql('received_at'),
    `'","event_type":'`,
    'toJSONString(event_type)',
    `',"severity_number":'`,
    'toString(severity_number)',
    textMember('id'),
    ...fieldsOf(stream.eventType).map(fieldMember),
    `',"attributes":{'`,
    `arrayStringConcat(arrayMap((k, v) -> concat(toJSONString(k), ':', v), mapKeys(attributes), mapValues(attributes)), ',')`,
    `'}'`,
    RAW_MEMBER,
    `'}'`,
  ];
  return `concat(${parts.join(', ')})`;
}

/** An expression whose texts have the order of (timestamp, block, row). Timestamps before 1970 are not stored. */
export function keySql(): string {
  const ns = `leftPad(toString(toUnixTimestamp64Nano(timestamp)), 20, '0')`;
  return `concat(${ns}, lower(hex(block)), leftPad(toString(row), 10, '0'))`;
}

const NEEDS_CARE = `arrayExists(v -> position(v, '{') > 0 OR match(v, '[0-9]{16}'), mapValues(attributes))`;
const RAW_MEMBER = `multiIf(raw = '', '', isValidUTF8(raw), concat(',"raw":', toJSONString(raw)), concat(',"raw_base64":"', base64Encode(raw), '"'))`;

function timeSql(column: string): string {
  return `replaceOne(toString(${column}), ' ', 'T'), 'Z'`;
}

function fieldMember({ name, type }: FieldDeclaration): string {
  const bytes = HEX_BYTES[type];
  if (bytes !== undefined) return hexMember(name, bytes);
  if (type === 'text' || type === 'keyword' || type === 'string') return textMember(name);
  const column = quoteName(name);
  if (type === 'float64') return `if(isFinite(${column}), ${numberMember(name, `toString(${column})`)}, '')`;
  return numberMember(name, type === 'int64' || type === 'uint64' ? longSql(column) : `toString(${column})`);
}

function textMember(name: string): string {
  const column = quoteName(name);
  return `if(${column} = '', '', concat(${memberName(name)}, toJSONString(${column})))`;
}

function hexMember(name: string, bytes: number): string {
  const column = quoteName(name);
  return `if(${column} = toFixedString('', ${bytes}), '', concat(${memberName(name)}, '"', lower(hex(${column})), '"'))`;
}

/** Absent where the text is NULL. */
function numberMember(name: string, text: string): string {
  return `ifNull(concat(${memberName(name)}, ${text}), '')`;
}

/** Integers that a JavaScript number can't hold are strings. */
function longSql(column: string): string {
  return `if(abs(${column}) > ${MAX_SAFE}, concat('"', toString(${column}), '"'), toString(${column}))`;
}

function memberName(name: string): string {
  return quoteText(`,${JSON.stringify(name)}:`);
}
