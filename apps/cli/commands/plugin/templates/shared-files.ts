import { PLUGIN_API_VERSION } from '#plugin-kit';

/** What is made, by its path in the plugin's folder. */
export type NewFiles = Readonly<Record<string, string>>;

/** A plugin to be made. */
export interface NewPlugin {
  /** Name of its folder. */
  readonly folder: string;
  readonly kind: string;
  /** JSON Schema of its options, for kinds that take some. */
  readonly config?: object;
}

/** The files that a plugin of any kind has. */
export function sharedFiles({ folder, kind, config }: NewPlugin): NewFiles {
  return {
    'manifest.json': json({
      name: folder,
      kind,
      version: '0.1.0',
      apiVersion: PLUGIN_API_VERSION,
      stability: 'experimental',
      title: folder,
      description: `What ${folder} is for, in a sentence.`,
      ...(config && { config }),
    }),
    'package.json': json({
      name: folder,
      version: '0.1.0',
      private: true,
      type: 'module',
      scripts: { test: 'node --test', check: 'alluvium plugin check .', dev: 'alluvium plugin dev .' },
    }),
    'tsconfig.json': json({
      compilerOptions: {
        target: 'ES2023',
        lib: ['ES2023', 'DOM'],
        types: [],
        module: 'nodenext',
        strict: true,
        noEmit: true,
        erasableSyntaxOnly: true,
        verbatimModuleSyntax: true,
        allowImportingTsExtensions: true,
        resolveJsonModule: true,
        skipLibCheck: true,
      },
      include: ['*.ts'],
    }),
    'plugin.test.js': TEST,
    '.gitignore': 'node_modules/\n',
  };
}

const TEST = `import { testPlugin } from '@alluvium/plugin-kit/testing';

await testPlugin(import.meta.dirname);
`;

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
