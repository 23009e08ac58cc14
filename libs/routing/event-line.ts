import { nowNs } from '#event-model';
import {
  createDeviceTimeScanner,
  readSyslogPrefix,
  type DeviceTimeScanner,
  type SyslogPrefix,
} from '#plugin-kit';
import { JsonFields, type FieldText } from './json-field.js';

const OPEN_OBJECT = 0x7b;
/** What may stand before an object: a byte order mark, and the space that JSON knows. */
const MARK = Buffer.from('\ufeff');
const SPACE: ReadonlySet<number | undefined> = new Set(Buffer.from(' \t\r\n'));
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
  #json: JsonFields | undefined;
  #syslog: SyslogPrefix | undefined;
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
    if (this.#json) return this.#json.at(name);
    return this.#syslog && headerField(this.#syslog, name);
  }

  #read(): void {
    this.#isRead = true;
    if (opensObject(this.bytes)) this.#json = JsonFields.of(this.bytes);
    else this.#syslog = readSyslogPrefix(this.bytes.subarray(0, HEADER_BYTES).toString(), scanTime);
  }
}

function opensObject(bytes: Buffer): boolean {
  let at = bytes[0] === MARK[0] && bytes.subarray(0, MARK.length).equals(MARK) ? MARK.length : 0;
  while (SPACE.has(bytes[at])) at += 1;
  return bytes[at] === OPEN_OBJECT;
}

/** A header's field; its names begin with `syslog.`, so that none is one of an object's own. */
function headerField({ host, service, attributes }: SyslogPrefix, name: string): FieldText | undefined {
  const value = name === 'host' ? host : name === 'service' ? service : attributes[name];
  return typeof value === 'string' || typeof value === 'number' ? { text: String(value) } : undefined;
}
