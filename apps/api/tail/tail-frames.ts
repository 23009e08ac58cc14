import type { TailMessage } from './tail-queue.js';

const EVENT_ID = /^\{"event_id":"([0-9a-f]{32}-\d+)"/;

/**
 * A message as server-sent events: `log` with the event's JSON, `dropped` with how many were left out here, `problem` with
 * why the tail ends, and a comment as a sign of life. JSON has no line break, so no event can pass for another.
 */
export function toServerSentEvents(message: TailMessage): Buffer {
  switch (message.kind) {
    case 'events':
      return message.portion.form('sse', (texts) => Buffer.from(texts.map(logEvent).join('')));
    case 'dropped':
      return Buffer.from(`event: dropped\ndata: ${JSON.stringify({ dropped: message.count })}\n\n`);
    case 'problem':
      return Buffer.from(`event: problem\ndata: ${JSON.stringify(message.problem.toBody())}\n\n`);
    case 'heartbeat':
      return Buffer.from(': still here\n\n');
  }
}

/** A message as texts of a WebSocket; a heartbeat is none, since the protocol has its own. */
export function toSocketTexts(message: TailMessage): readonly string[] {
  switch (message.kind) {
    case 'events':
      return message.portion.form('socket', (texts) => texts.map((text) => `{"type":"log","log":${text}}`));
    case 'dropped':
      return [JSON.stringify({ type: 'dropped', dropped: message.count })];
    case 'problem':
      return [JSON.stringify({ type: 'problem', problem: message.problem.toBody() })];
    case 'heartbeat':
      return [];
  }
}

function logEvent(text: string): string {
  const id = EVENT_ID.exec(text)?.[1];
  return `event: log\n${id === undefined ? '' : `id: ${id}\n`}data: ${text}\n\n`;
}
