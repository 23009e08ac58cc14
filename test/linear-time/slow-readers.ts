/** Readers of which the first takes as many steps as its text has characters, and each other one their square in its own way. */
export const READERS: Readonly<Record<string, (text: string) => number>> = {
  linear: (text) => {
    let found = 0;
    for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) === 32) found += 1;
    return found + text.split('a').length + (/a*$/.exec(text.slice(-9))?.length ?? 0);
  },
  'loops within loops': (text) => {
    let found = 0;
    for (let at = 0; at < text.length; at += 1) for (let to = at; to < text.length; to += 1) found += 1;
    return found;
  },
  'a pattern that tries again': (text) => (/a*b/.test(text) ? 1 : 0),
  'searches from every place': (text) => {
    let found = 0;
    for (let at = 0; at < text.length; at += 1) found += text.indexOf('b', at);
    return found;
  },
  'a list that is copied for each entry': (text) => {
    let all: readonly string[] = [];
    for (let at = 0; at < text.length; at += 1) all = [...all, text.charAt(at)];
    return all.length;
  },
  'a list that is looked through for each entry': (text) => {
    const all: string[] = [];
    for (let at = 0; at < text.length; at += 1) if (!all.includes(`${at}`)) all.push(`${at}`);
    return all.length;
  },
  'parts that are cut off': (text) => {
    let rest = text;
    while (rest !== '') rest = rest.slice(1);
    return rest.length;
  },
};
