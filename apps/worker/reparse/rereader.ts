import { randomUUID } from 'node:crypto';
import type { Block } from '#event-model';
import type { ParserRegistry } from '#plugin-host';
import {
  AUTO_PARSER,
  type QuarantinedRow,
  type StoredLine,
  type StreamSpec,
  type TierBatch,
} from '#plugin-kit';
import { isAsked, isTextLine } from '#storage-tier';
import { replayedBlocks } from '../quarantine/replayed-blocks.js';
import type { ReparsePayload } from './reparse-payload.js';

/** Why a line isn't read: there is no such parser any more. */
const NO_PARSER = 'parser_missing';

export interface RereaderParts {
  readonly parsers: Pick<ParserRegistry, 'has'>;
  /** What the pipeline does to a block before storage. */
  readonly parse: (block: Block, stream: StreamSpec) => Promise<Block>;
}

/** Stored lines as they are read now. */
export interface Reread {
  readonly batch: TierBatch;
  /** Lines that nobody can read. */
  readonly kept: readonly QuarantinedRow[];
  /** Lines that were asked for. */
  readonly asked: number;
}

/** Sends stored lines through the pipeline's steps again, under the identity that they have. */
export class Rereader {
  constructor(private readonly parts: RereaderParts) {}

  async read(stream: StreamSpec, lines: readonly StoredLine[], request: ReparsePayload): Promise<Reread> {
    const asked = lines.filter((line) => isAsked(line, request));
    const named = asked.map((line) => ({ ...line, parser: parserFor(line, request) }));
    const isReadable = ({ parser }: StoredLine): boolean => parser === '' || this.#knows(parser);
    const blocks: Block[] = [];
    for (const block of replayedBlocks(stream, named.filter(isReadable), undefined))
      blocks.push(await this.#parsed(withZone(block, request.zone), stream));
    const kept = named.filter((line) => !isReadable(line));
    return {
      batch: { stream, token: randomUUID(), blocks, skip: [] },
      kept: kept.map(({ block, row }) => ({ block, row, reason: NO_PARSER })),
      asked: asked.length,
    };
  }

  async #parsed(block: Block, stream: StreamSpec): Promise<Block> {
    const parsed = await this.parts.parse(block, stream);
    return block.rows ? { ...parsed, rows: block.rows } : parsed;
  }

  #knows(parser: string): boolean {
    return parser === AUTO_PARSER || this.parts.parsers.has(parser);
  }
}

/** Empty for JSON, which is read by the stream's type alone. A line that nobody read may be known by now. */
function parserFor({ form, parser }: StoredLine, request: ReparsePayload): string {
  return isTextLine({ form }) ? (request.parser ?? (parser || AUTO_PARSER)) : '';
}

function withZone(block: Block, zone: string | undefined): Block {
  return zone === undefined ? block : { ...block, header: { ...block.header, zone } };
}
