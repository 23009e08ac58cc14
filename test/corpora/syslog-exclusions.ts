import type { SyslogCase } from './syslog-case.js';

/** A way in which this parser reads lines otherwise than a suite's own reader, on purpose. */
export interface Exclusion {
  readonly reason: string;
  /** The case with what it should expect by this reason; undefined where the reason doesn't concern it. */
  restate(one: SyslogCase): SyslogCase | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = ({ expect }: SyslogCase): Fields => expect.fields ?? {};
const taken = (one: SyslogCase, fields: Fields): SyslogCase => ({ ...one, expect: { ok: true, fields } });

const mark: Exclusion = {
  reason: 'RFC 5424 6.4: a byte order mark says that the text is UTF-8, it is no part of it',
  restate: (one) => {
    const { message, ...others } = fieldsOf(one);
    if (typeof message !== 'string' || !message.startsWith('\ufeff')) return undefined;
    return taken(one, { ...others, message: message.slice(1) });
  },
};

const escapes: Exclusion = {
  reason:
    'RFC 5424 6.3.3: \\", \\\\ and \\] in a parameter value stand for ", \\ and ]; the suite keeps them',
  restate: (one) => {
    const json = JSON.stringify(fieldsOf(one)['structured_data'] ?? null);
    const structured = JSON.parse(json, (_key, value: unknown) =>
      typeof value === 'string' ? value.replaceAll(/\\(["\\\]])/g, '$1') : value,
    ) as unknown;
    if (JSON.stringify(structured) === json) return undefined;
    return taken(one, { ...fieldsOf(one), structured_data: structured });
  },
};

const noTime: Exclusion = {
  reason:
    'RFC 3164 4.3.2: a priority is enough, all that follows is the text (syslog-loose takes it, others refuse it)',
  restate: (one) => {
    const match = /^<(\d{1,3})>(.*)$/.exec(one.input ?? '');
    if (one.expect.ok || !match) return undefined;
    return taken(one, { priority: Number(match[1]), message: match[2]?.trimStart() });
  },
};

const noData: Exclusion = {
  reason: 'RFC 3164 has no structured data: it is text, as for rsyslog, which wrote it',
  restate: (one) => {
    const { structured_data: data, ...others } = fieldsOf(one);
    const at = (one.input ?? '').indexOf('[origin ');
    return data === undefined || at < 0
      ? undefined
      : taken(one, { ...others, message: one.input?.slice(at) });
  },
};

const brackets: Exclusion = {
  reason:
    'round brackets are part of the name: sshd(pam_unix) (sources disagree: rsyslog reads it so, jc does not)',
  restate: (one) => {
    const { tag, content, ...others } = fieldsOf(one);
    const match = /^(\([^)]*\))(.*)$/.exec(typeof content === 'string' ? content : '');
    return match ? taken(one, { ...others, tag: `${String(tag)}${match[1]}`, content: match[2] }) : undefined;
  },
};

const notSyslog: Exclusion = {
  reason:
    'a line without priority and time is refused by name, and kept as text by auto (sources disagree: syslog-loose refuses it in its exact mode only)',
  restate: (one) =>
    /^(?:<|[A-Z][a-z]{2} |\d)/.test(one.input ?? '<') ? undefined : { ...one, expect: { ok: false } },
};

/** At most five for each file. */
export const EXCLUSIONS: Readonly<Record<string, readonly Exclusion[]>> = {
  'syslog_rfc5424.jsonl': [mark, escapes, noTime],
  'syslog_rfc3164.jsonl': [noTime, noData, brackets, notSyslog],
};
