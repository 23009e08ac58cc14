import { PROBLEM_CODES } from './problem-codes.js';

const INTRODUCTION = `# Error codes

Every answer that is not a success is \`application/problem+json\` (RFC 9457): \`status\`, \`code\`, \`title\`, \`detail\` (what
is wrong, and where), \`mend\` (what to do), and \`errors\` where a body has several mistakes. The \`code\` never changes its
meaning. \`429\` and \`503\` carry \`Retry-After\` in seconds, and nothing was written unless the code says otherwise.
`;

/** The reference page of all error codes, as Markdown. */
export function renderErrorsPage(): string {
  const rows = Object.entries(PROBLEM_CODES)
    .sort(([a, { status: x }], [b, { status: y }]) => x - y || (a < b ? -1 : 1))
    .map(([code, { status, title, mend }]) => `| ${status} | \`${code}\` | ${title} | ${mend} |`);
  return [
    INTRODUCTION,
    '| status | code | meaning | how to mend |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
