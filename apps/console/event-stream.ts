/** One message of a stream of server-sent events. */
export interface StreamMessage {
  readonly event: string;
  readonly data: string;
}

/** Cuts the text of server-sent events, piece by piece as it comes, into messages; comments are none. */
export class EventStreamCutter {
  #rest = '';

  /** The messages that are complete with this piece. */
  add(piece: string): StreamMessage[] {
    const frames = (this.#rest + piece).split('\n\n');
    this.#rest = frames.pop() ?? '';
    return frames.map(messageOf).filter(({ data }) => data !== '');
  }
}

function messageOf(frame: string): StreamMessage {
  const message = { event: 'message', data: '' };
  for (const line of frame.split('\n')) {
    if (line.startsWith('event: ')) message.event = line.slice(7);
    if (line.startsWith('data: ')) message.data += line.slice(6);
  }
  return message;
}
