import { asProblem, type Api, type EventContext, type LogEvent } from './api.js';
import { button, byId, element, logText } from './dom.js';
import { rowOf } from './rows.js';

/** What the detail can ask the page for. */
export interface DetailActions {
  readonly api: () => Api;
  /** Narrows the search to events with this value. */
  readonly narrow: (condition: string) => void;
}

const dialog = byId<HTMLDialogElement>('detail');
const AROUND = 10;
/** Fields that every event has, and that stand at the top. */
const TOP = ['timestamp', 'observed_timestamp', 'level', 'service', 'host', 'message', 'stream', 'source'];

/** Shows one event with all of its fields, its bytes and its neighbours. */
export class Detail {
  #event: LogEvent | undefined;

  constructor(private readonly actions: DetailActions) {
    byId('detail-close').addEventListener('click', () => dialog.close());
    byId('detail-context').addEventListener('click', () => void this.#showContext());
  }

  /** Shows an event; what it was sent as is asked for. */
  async open(event: LogEvent): Promise<void> {
    this.#event = event;
    this.#show(event);
    if (!dialog.open) dialog.showModal();
    await this.#guarded(async () => {
      const found = await this.actions.api().get<LogEvent>(`/api/v1/logs/${event.event_id}`);
      if (this.#event === event) this.#show(found);
    });
  }

  #show({ original, ...event }: LogEvent): void {
    const fields = fieldsOf(event).map(([name, value]) => this.#field(name, value));
    const body = [element('dl', '', ...fields.flat())];
    if (original !== undefined) {
      const text = typeof original === 'string' ? original : JSON.stringify(original, undefined, 2);
      body.push(element('h3', '', 'As it was sent'), preOf(text));
    }
    byId('detail-title').textContent = 'Event';
    byId('detail-context').hidden = false;
    byId('detail-body').replaceChildren(...body);
  }

  #field(name: string, value: unknown): HTMLElement[] {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const shown = element('span', '', logText(text));
    shown.dir = 'auto';
    const narrowing = isScalar(value) && name !== '' ? [this.#narrowing(name, text)] : [];
    return [element('dt', '', logText(name)), element('dd', '', shown, ...narrowing)];
  }

  #narrowing(name: string, text: string): HTMLElement {
    const made = button('Only these', () => {
      dialog.close();
      this.actions.narrow(`${quoted(name)}:${quoted(text)}`);
    });
    made.setAttribute('aria-label', `Only these: ${name}`);
    return made;
  }

  async #showContext(): Promise<void> {
    const event = this.#event;
    if (!event) return;
    await this.#guarded(async () => {
      const path = `/api/v1/logs/${event.event_id}/context?before=${AROUND}&after=${AROUND}`;
      const { before, after } = await this.actions.api().get<EventContext>(path);
      const open = (other: LogEvent): void => void this.open(other);
      const own = rowOf(event, open);
      own.setAttribute('aria-current', 'true');
      const list = [...before.map((one) => rowOf(one, open)), own, ...after.map((one) => rowOf(one, open))];
      byId('detail-title').textContent = 'Events around it, oldest first';
      byId('detail-context').hidden = true;
      byId('detail-body').replaceChildren(element('ol', 'rows', ...list));
    });
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    const box = byId('detail-problem');
    box.hidden = true;
    try {
      await work();
    } catch (error) {
      const problem = asProblem(error);
      if (!problem) return;
      box.replaceChildren(logText(`${problem.title}: ${problem.detail} ${problem.mend}`));
      box.hidden = false;
    }
  }
}

/** All fields with a value, the usual ones first, attributes by their own names. */
function fieldsOf({ attributes = {}, ...event }: LogEvent): readonly (readonly [string, unknown])[] {
  const rank = (name: string): number => (TOP.includes(name) ? TOP.indexOf(name) : TOP.length);
  const own = Object.entries(event).sort(([a], [b]) => rank(a) - rank(b));
  return [...own, ...Object.entries(attributes)];
}

function preOf(text: string): HTMLElement {
  const lines = text.split('\n').flatMap((line, n) => (n === 0 ? [logText(line)] : ['\n', logText(line)]));
  const made = element('pre', '', ...lines);
  made.dir = 'auto';
  made.tabIndex = 0;
  return made;
}

function isScalar(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value) && String(value).length <= 500;
}

/** As the query language takes any text. */
function quoted(text: string): string {
  return /^[\w.-]+$/.test(text) ? text : `"${text.replaceAll(/[\\"]/g, '\\$&')}"`;
}
