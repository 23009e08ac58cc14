/** Why a line is read otherwise than by the suite that it comes from. */
export const REASONS = {
  mark: 'RFC 5424 6.4: a byte order mark says that the text is UTF-8, it is no part of it',
  escapes: 'RFC 5424 6.3.3: escapes in parameter values are undone',
  noTime: 'RFC 3164 4.3.2: a priority is enough, what follows is the text',
  noPriority: 'RFC 5424 6: the priority is no option',
  noData: 'RFC 3164 has no structured data: it is text',
  zone: 'a time without a zone is UTC, the peer was told another zone',
  brackets: 'brackets that are no process id are part of the name: sshd(pam_unix)',
  notSyslog: 'it is no syslog: named, the parser refuses it; auto keeps it as text',
} as const;

const G = 'go-syslog/rfc5424/machine_test.go#L';
const J5 = 'jc/tests/fixtures/generic/syslog-5424.out#L';
const J3 = 'jc/tests/fixtures/generic/syslog-3164.out#L';
const LOOSE = 'syslog-loose/tests/tests.rs#';

const ids = (prefix: string, ...rest: readonly (number | string)[]): readonly string[] =>
  rest.map((each) => `${prefix}${each}`);

/** The cases that differ on purpose, by the reason. */
export const ON_PURPOSE: Readonly<Record<keyof typeof REASONS, readonly string[]>> = {
  mark: ids(G, 1107, 1123, 1139, 1155, 1171, 1186, 1202, 1218, 1234, 1250, 1266),
  escapes: ids(G, 785, 815, 846, 874, 1019, 1033),
  noTime: [...ids(G, 166, 182, 221), ...ids(J3, 35)],
  noPriority: ids(J5, 6, 10),
  noData: ids(
    LOOSE,
    'parse_rsyslog@L76',
    'rsyslog_omfwd_tcp_default@L662',
    'rsyslog_omfwd_tcp_forward_format@L696',
  ),
  zone: ids(LOOSE, 'parse_chrono_tz@L43'),
  brackets: ids(J3, 24),
  notSyslog: ids(LOOSE, 'parse_invalid_message@L342', 'parse_blank_msg@L382'),
};
