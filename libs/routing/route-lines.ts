import type { FramedLines, RequestPart } from '#event-bus';
import { PartBuilder, type PartHead } from './part-builder.js';
import type { RequestPlan, Route } from './routing-plan.js';

const LF = 10;
/** Bytes between two pauses: some milliseconds of work. */
const PIECE_BYTES = 256 * 1024;

/** Where a request's events go as they were sent. */
export type SentTo = Pick<PartHead, 'stream' | 'parser'>;

/**
 * The ways that the lines of a request go, each in blocks of its own, what is dropped last; one part, of any size, where all
 * go the same way.
 * Pauses now and then, for other work.
 */
export function* routeLines(
  framed: FramedLines,
  plan: RequestPlan,
  sent: SentTo,
): Generator<void, readonly RequestPart[]> {
  const body = Buffer.from(framed.body.buffer, framed.body.byteOffset, framed.body.byteLength);
  if (plan.isOneWay) return [wholePart(headOf(plan.route(body, 0, framed.count), sent), framed)];
  const ways = new Ways(body, sent);
  let pause = PIECE_BYTES;
  for (let row = 0, from = 0; row < framed.count; row += 1) {
    const to = body.indexOf(LF, from) + 1;
    ways.of(plan.route(body.subarray(from, to - 1), row)).add(row, from, to);
    from = to;
    if (from <= pause) continue;
    pause = from + PIECE_BYTES;
    yield;
  }
  const [only, ...others] = ways.all;
  if (only && others.length === 0) return [wholePart(only.head, framed)];
  const isDropped = (way: PartBuilder): boolean => way.head.dropped !== undefined;
  const kept = ways.all.filter((way) => !isDropped(way));
  return [...kept, ...ways.all.filter(isDropped)].flatMap((way) => way.parts());
}

/** The ways that were found so far. */
class Ways {
  readonly #ways = new Map<string, PartBuilder>();

  constructor(
    private readonly body: Buffer,
    private readonly sent: SentTo,
  ) {}

  get all(): readonly PartBuilder[] {
    return [...this.#ways.values()];
  }

  of(route: Route): PartBuilder {
    const { stream = this.sent.stream, dropped = '' } = route;
    const parser = dropped === '' ? parserOf(route, this.sent) : undefined;
    const name = `${stream}/${parser ?? ''}/${dropped}`;
    const known = this.#ways.get(name);
    if (known) return known;
    const way = new PartBuilder(headOf(route, this.sent), this.body);
    this.#ways.set(name, way);
    return way;
  }
}

/** JSON has no parser, whatever a rule says. */
function parserOf(route: Route, sent: SentTo): string | undefined {
  return sent.parser === undefined ? undefined : (route.parser ?? sent.parser);
}

function headOf(route: Route, sent: SentTo): PartHead {
  const parser = parserOf(route, sent);
  return {
    stream: route.stream ?? sent.stream,
    ...(parser !== undefined && { parser }),
    ...(route.dropped !== undefined && { dropped: route.dropped }),
  };
}

function wholePart(head: PartHead, { body, count }: FramedLines): RequestPart {
  return { ...head, body: head.dropped === undefined ? body : Buffer.alloc(0), count };
}
