/** A part of a text: as it is, or the name of a character that would not be seen, or would change how others are. */
export interface TextPart {
  readonly text: string;
  readonly escaped: boolean;
}

/**
 * Controls (a terminal's colours begin with one), line ends, what turns the direction of others, what is invisible, and lone
 * surrogates. Joiners stay: scripts and emoji need them.
 */
const HIDDEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\u001b': '\\e' };

/** Cuts a text into what is shown as it is and what is shown by its name. */
export function partsOf(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let shown = 0;
  for (const { 0: character, index } of text.matchAll(HIDDEN)) {
    if (index > shown) parts.push({ text: text.slice(shown, index), escaped: false });
    parts.push({ text: nameOf(character), escaped: true });
    shown = index + character.length;
  }
  if (shown < text.length) parts.push({ text: text.slice(shown), escaped: false });
  return parts;
}

/** The same as one text. */
export function visible(text: string): string {
  return partsOf(text)
    .map((part) => part.text)
    .join('');
}

function nameOf(character: string): string {
  const code = character.charCodeAt(0);
  return SHORT[character] ?? `\\u${code.toString(16).padStart(4, '0')}`;
}
