import { allSettings } from './definitions/all-settings.js';
import type { AnySetting, SettingKind } from './definitions/setting.js';

const HEAD = `<!-- Generated from libs/app-config by \`npm run generate\`; change it there. -->

# Settings

A setting has one path in the YAML file and one name in the environment, made from the path: \`http.port\` is
\`ALLUVIUM_HTTP_PORT\`; those of engines have no prefix. The environment wins over the file, the file over the default. \`<NAME>_FILE\` names a file that
holds the value instead, as container secrets do. An empty variable counts as not set. Sizes may end in KiB, MiB or GiB.

The start lists every problem at once, unknown names included, and does nothing else. A variable that begins with \`KAFKA_\`,
\`MONGODB_\`, \`REDIS_\`, \`S3_\` or \`CLICKHOUSE_\` may be another program's: the start refuses what is nearly a setting of an engine
that is in use, and warns in the log of all others that no setting has.
`;

const SECTIONS: Readonly<Record<SettingKind, string>> = {
  boot: 'Read once at start.',
  'run-time': `May be changed while running; a change is in force in every process within 5 s, and kept over restarts. What is given at
start is the value until somebody changes it.`,
};

/** The reference page of all settings, as Markdown. */
export function renderSettingsPage(): string {
  return [HEAD, section('boot', 'Boot settings'), section('run-time', 'Run-time settings')].join('\n');
}

function section(kind: SettingKind, title: string): string {
  const rows = allSettings.filter((setting) => setting.kind === kind).map(row);
  const head = [
    '| environment | YAML | default | unit | value | description |',
    '| --- | --- | --- | --- | --- | --- |',
  ];
  return [`## ${title}`, '', SECTIONS[kind], '', ...head, ...rows, ''].join('\n');
}

function row(setting: AnySetting): string {
  const yaml = setting.environmentOnly ? '' : code(setting.path);
  const fallback = setting.default === undefined ? (setting.otherwise ?? '') : code(setting.default);
  const description = setting.secret ? `${setting.description} Secret: never printed.` : setting.description;
  const cells = [code(setting.env), yaml, fallback, setting.unit ?? '', setting.type.expected, description];
  return `| ${cells.map(escape).join(' | ')} |`;
}

/** A `<` would open a tag, except within code, where its escape would show. */
function escape(cell: string): string {
  const parts = cell.replaceAll('|', '\\|').split('`');
  return parts.map((part, index) => (index % 2 === 0 ? part.replaceAll('<', '&lt;') : part)).join('`');
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}
