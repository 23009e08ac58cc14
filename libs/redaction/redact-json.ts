import { edited, type Edit } from './replacement.js';
import type { Finding, RedactedLine, RedactionPlan } from './plan.js';
import { readJsonTokens, type JsonVisitor } from './json-tokens.js';
import { redactPart, secretsIn } from './redact-text.js';

/**
 * Redacts a line that is one JSON object, which it stays: values of fields by name, and what detectors find in keys, strings
 * and numbers, escapes undone. Undefined where nothing was found.
 *
 * @param line JSON that was parsed before: it is not checked again
 */
export function redactJson(line: Buffer, plan: RedactionPlan): RedactedLine | undefined {
  const work = new JsonRedaction(line, plan);
  readJsonTokens(line, work);
  if (work.edits.length === 0) return undefined;
  return { line: edited(line, work.edits), findings: work.findings, values: work.values };
}

/** Members of one open object or array, as far as they matter for taking some out. */
interface Level {
  readonly isArray: boolean;
  /** End of the last member that stays, or of the opening bracket. */
  keptEnd: number;
  hasKept: boolean;
  /** Where what is taken out began; undefined where nothing was since the last member that stays. */
  cut: number | undefined;
}

class JsonRedaction implements JsonVisitor {
  readonly edits: Edit[] = [];
  readonly findings: Finding[] = [];
  readonly values: string[] = [];
  readonly #levels: Level[] = [];
  readonly #path: string[] = [];

  constructor(
    private readonly line: Buffer,
    private readonly plan: RedactionPlan,
  ) {}

  open(from: number, isArray: boolean): void {
    this.#levels.push({ isArray, keptEnd: from + 1, hasKept: false, cut: undefined });
  }

  close(from: number): void {
    const level = this.#levels.pop();
    if (level?.cut === undefined) return;
    this.edits.push({ from: level.hasKept ? level.keptEnd : level.cut, to: from, text: '' });
  }

  /** True where the member is done with: its value needs no visit. */
  member(
    key: { readonly from: number; readonly to: number },
    value: { from: number; to(): number },
  ): boolean {
    const name = this.#text(key.from, key.to);
    this.#path.push(name);
    const rule = this.plan.fieldRule(this.#path);
    if (!rule) {
      this.#keep(key.from);
      this.#string(key.from, key.to);
      return false;
    }
    const end = value.to();
    this.findings.push({ rule: rule.rule, what: rule.name });
    const old = this.#text(value.from, end);
    this.values.push(old);
    if (rule.action === 'drop') this.#cut(key.from);
    else {
      this.#keep(key.from);
      const action = this.#isId ? this.plan.telling.fieldRule(this.#path)?.action : undefined;
      const text = JSON.stringify(this.plan.replace(action ?? rule.action, 'field', old));
      this.edits.push({ from: value.from, to: end, text });
    }
    this.memberEnd(end);
    return true;
  }

  memberEnd(end: number): void {
    this.#path.pop();
    const level = this.#levels.at(-1);
    if (!level || level.cut !== undefined) return;
    [level.keptEnd, level.hasKept] = [end, true];
  }

  scalar(from: number, to: number): void {
    if (this.line[from] === 0x22) return this.#string(from, to);
    const found = secretsIn(this.line, this.#planHere, from, to);
    if (found.length === 0) return;
    this.#note(found);
    const text = edited(this.line.subarray(0, to), found).toString('utf8', from);
    this.edits.push({ from, to, text: JSON.stringify(text) });
  }

  /** The event's own id, by which doubles are told: ids that differ must not become equal. */
  get #isId(): boolean {
    return this.#levels.length === 1 && this.#path.length === 1 && this.#path[0] === 'id';
  }

  get #planHere(): RedactionPlan {
    return this.#isId ? this.plan.telling : this.plan;
  }

  /** What a string says is text like any other. */
  #string(from: number, to: number): void {
    const { line } = this;
    const hasEscape = line.subarray(from, to).includes(0x5c);
    const plain = hasEscape ? Buffer.from(this.#text(from, to)) : line.subarray(from + 1, to - 1);
    const redacted = redactPart(plain, this.#planHere);
    if (!redacted) return;
    this.#note(redacted.findings);
    this.edits.push({ from, to, text: JSON.stringify(redacted.line.toString()) });
  }

  #note(found: readonly Finding[]): void {
    this.findings.push(...found.map(({ rule, what }) => ({ rule, what })));
  }

  /** A string's own text; of other values their JSON. */
  #text(from: number, to: number): string {
    const json = this.line.toString('utf8', from, to);
    return json.startsWith('"') ? (JSON.parse(json) as string) : json;
  }

  #cut(from: number): void {
    const level = this.#levels.at(-1);
    if (level) level.cut ??= from;
  }

  /** Closes the gap before a member that stays. */
  #keep(from: number): void {
    const level = this.#levels.at(-1);
    if (level?.cut === undefined) return;
    const gap = level.hasKept
      ? { from: level.keptEnd, to: from, text: ',' }
      : { from: level.cut, to: from, text: '' };
    this.edits.push(gap);
    level.cut = undefined;
  }
}
