/** What a `.dockerignore` lets into the context of a build: the last pattern that fits a path, or a folder around it, wins. */
export function readDockerIgnore(text: string): (path: string) => boolean {
  const rules = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ takes: line.startsWith('!'), pattern: patternOf(line.replace(/^!/, '')) }));
  return (path) => {
    const last = rules.findLast(({ pattern }) => foldersOf(path).some((part) => pattern.test(part)));
    return last?.takes ?? true;
  };
}

/** `a`, `a/b` and `a/b/c` of `a/b/c`. */
function foldersOf(path: string): readonly string[] {
  const names = path.split('/');
  return names.map((_, at) => names.slice(0, at + 1).join('/'));
}

/** `**` stands for any folders, `*` for anything within a name. */
function patternOf(glob: string): RegExp {
  const source = glob
    .split('**/')
    .map((part) => part.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '[^/]*'))
    .join('(?:.*/)?');
  return new RegExp(`^${source}$`);
}
