import { nowNs } from '#event-model';
import {
  createDeviceTimeScanner,
  readJsonLine,
  readSyslogPrefix,
  type DeviceTimeScanner,
  type JsonLine,
} from '#plugin-kit';
import { memberAt, type FieldText } from './json-field.js';

const OPEN_OBJECT = 0x7b;
/** Bytes of a line in which a syslog header is looked for. */
const HEADER_BYTES = 1_024;

/** Finds where the time of a header ends; what time it is, its year say, is not asked. */
const scanTime: DeviceTimeScanner = createDeviceTimeScanner({ receivedAt: nowNs() });

/**
 * A line as rules see it. What a rule doesn't ask for isn't read: text is searched as bytes, fields are found at the first
 * question, those of a JSON object as storage would read it (of equal keys the first), those of other text in its syslog
 * header: `host`, `service` and `syslog.*`.
 */
export class EventLine {
  #text: string | undefined;
  #json: JsonLine | undefined;
  #syslog: ReadonlyMap<string, FieldText> | undefined;
  #isRead = false;

  /** @param bytes without its end */
  constructor(private readonly bytes: Buffer) {}

  /** A character for each byte. */
  get text(): string {
    return (this.#text ??= this.bytes.toString('latin1'));
  }

  /** What stands in a field; undefined where there is none, or null. */
  field(name: string): FieldText | undefined {
    if (!this.#isRead) this.#read();
    return this.#json ? memberAt(this.#json, name) : this.#syslog?.get(name);
  }

  #read(): void {
    this.#isRead = true;
    if (this.bytes[0] === OPEN_OBJECT || /^[\s\ufeff]*\{/.test(this.bytes.subarray(0, 64).toString()))
      this.#json = jsonOf(this.bytes);
    else this.#syslog = syslogFields(this.bytes.subarray(0, HEADER_BYTES).toString());
  }
}

/** What is no JSON has no fields. */
function jsonOf(bytes: Buffer): JsonLine | undefined {
  try {
    return readJsonLine(bytes);
  } catch {
    return undefined;
  }
}

function syslogFields(text: string): ReadonlyMap<string, FieldText> {
  const { host, service, attributes } = readSyslogPrefix(text, scanTime);
  const all: [string, unknown][] = [['host', host], ['service', service], ...Object.entries(attributes)];
  const given = all.filter(([, value]) => typeof value === 'string' || typeof value === 'number');
  return new Map(given.map(([name, value]) => [name, { text: String(value) }]));
}
