import type { LineParser, ParserVersion, ParserVersionSource, Verdict } from '#plugin-host';
import type { ParsedLine, PluginProblem } from '#plugin-kit';

/** Versions of one parser, each a function. */
export class FakeVersions implements ParserVersionSource {
  active = 'bbbbbbbb1';
  before: string | undefined = 'aaaaaaaa1';
  held = false;
  /** What keeps the next version from running. */
  problems: readonly PluginProblem[] = [];
  opened = 0;

  constructor(
    private readonly parser: string,
    private readonly made: Readonly<Record<string, (text: string) => ParsedLine>>,
  ) {}

  async list(parser: string): Promise<readonly ParserVersion[] | undefined> {
    if (parser !== this.parser) return undefined;
    return Object.keys(this.made).map((id, at) => ({
      id,
      version: id.startsWith('a') ? '1.0.0' : '2.0.0',
      isActive: id === this.active,
      isHeld: this.held && id === this.active,
      isBefore: id === this.before,
      isTrusted: true,
      since: at,
    }));
  }

  async open(parser: string, id: string) {
    if (this.problems.length > 0) return { problems: this.problems };
    this.opened += 1;
    const parse = (lines: readonly Uint8Array[]): readonly Verdict[] =>
      lines.map((line) => ({
        parser,
        parsed: this.made[id]?.(Buffer.from(line).toString()) ?? { kind: 'json' },
      }));
    const closing: LineParser = Object.assign(parse, { close: () => void (this.opened -= 1) });
    return { value: { parse: closing, suspended: () => undefined } };
  }

  async activate(_parser: string, id: string, held: boolean): Promise<readonly PluginProblem[]> {
    if (this.problems.length > 0) return this.problems;
    [this.before, this.active, this.held] = [this.active, id, held];
    return [];
  }
}
