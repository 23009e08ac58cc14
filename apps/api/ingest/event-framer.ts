import { Inject, Injectable } from '@nestjs/common';
import { RunTimeSettings } from '#app-config';
import { frameLines, type FramedLines } from '#event-bus';
import { Problem } from '../problems/problem.js';

/** Brings a body into the form of a block, within the limits in force. */
@Injectable()
export class EventFramer {
  constructor(@Inject(RunTimeSettings) private readonly settings: RunTimeSettings) {}

  /** @throws Problem `empty_body`, `line_too_long` */
  frame(body: Uint8Array): FramedLines {
    const limit = this.settings.current.limitsLineBytes;
    const framed = frameLines(body, limit);
    if ('tooLong' in framed) {
      const { line, bytes } = framed.tooLong;
      throw new Problem('line_too_long', `Line ${line} has ${bytes} bytes; a line may have ${limit}.`);
    }
    if (framed.count === 0) throw new Problem('empty_body', 'The body has no line that is not blank.');
    return framed;
  }
}
