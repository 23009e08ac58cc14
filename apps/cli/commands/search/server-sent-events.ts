import { StringDecoder } from 'node:string_decoder';

/** A message of an event stream. */
export interface ServerSentEvent {
  /** `message` where the server gave it no name. */
  readonly event: string;
  readonly data: string;
}

/** Characters of one message that are kept at most; the rest of a longer one is lost, and it with it. */
const MAX_CHARACTERS = 64 * 1024 * 1024;

/** Reads `text/event-stream` (WHATWG HTML, 9.2.6), in whatever pieces it comes. Ids and retry times are passed over. */
export class ServerSentEvents {
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';
  #event = '';
  #data: string[] = [];

  /** The messages that are whole with these bytes. @throws RangeError for a line that has no end */
  feed(bytes: Buffer): readonly ServerSentEvent[] {
    const lines = (this.#rest + this.#decoder.write(bytes)).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > MAX_CHARACTERS) throw new RangeError('A line of the event stream has no end.');
    return lines.flatMap((line) => this.#take(line));
  }

  #take(line: string): readonly ServerSentEvent[] {
    if (line === '') return this.#end();
    const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (name === 'event') this.#event = value;
    if (name === 'data') this.#data.push(value);
    return [];
  }

  #end(): readonly ServerSentEvent[] {
    const message = { event: this.#event || 'message', data: this.#data.join('\n') };
    const isEmpty = this.#data.length === 0;
    this.#event = '';
    this.#data = [];
    return isEmpty ? [] : [message];
  }
}
