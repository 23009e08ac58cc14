import {
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
  type Provider,
} from '@nestjs/common';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { LOGGER, METRICS } from '#observability';
import { checkEmbeddedHome, checkServedHome, claimServedHome } from './catalogue-home.js';
import type { Catalogue } from './catalogue.port.js';
import type { MongoPlace } from './mongodb-place.js';
import { addWriteHistogram } from './write-histogram.js';

/** Injects the {@link Catalogue}. */
export const CATALOGUE = Symbol('Catalogue');

export interface CatalogueOptions {
  /** Directory of the catalogue's own; made when missing. One process at a time may have it open. */
  readonly directory: string;
  /** Where the catalogue is kept instead; the start waits until it is reached. */
  readonly mongodb?: MongoPlace;
  /** Marks a place where tests may end the process: `catalogue.before-commit`, `catalogue.after-commit`. */
  readonly reach?: (faultPoint: string) => void;
  /** Done on a server's catalogue before anybody else gets it. */
  readonly opened?: (catalogue: Catalogue) => Promise<void>;
}

/** Gives {@link CATALOGUE} to every module; stops it last, when those that write at shutdown are done. */
@Module({})
export class CatalogueModule implements OnApplicationShutdown {
  private readonly catalogue: Catalogue;

  constructor(@Inject(CATALOGUE) catalogue: Catalogue) {
    this.catalogue = catalogue;
  }

  static register(options: CatalogueOptions): DynamicModule {
    const provider = providerOf(options);
    return { module: CatalogueModule, global: true, providers: [provider], exports: [CATALOGUE] };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.catalogue.stop();
  }
}

function providerOf(options: CatalogueOptions): Provider {
  const { mongodb } = options;
  if (!mongodb) return { provide: CATALOGUE, useFactory: () => openEmbedded(options) };
  return {
    provide: CATALOGUE,
    inject: [LOGGER, METRICS],
    useFactory: (logger: Logger, metrics: Registry) => openServed({ ...options, mongodb }, logger, metrics),
  };
}

async function openEmbedded(options: CatalogueOptions): Promise<Catalogue> {
  checkEmbeddedHome(options.directory);
  const { LmdbCatalogue } = await import('./lmdb/lmdb-catalogue.js');
  return LmdbCatalogue.open(options);
}

async function openServed(
  { directory, mongodb, reach, opened }: CatalogueOptions & { readonly mongodb: MongoPlace },
  logger: Pick<Logger, 'error' | 'info'>,
  metrics: Registry,
): Promise<Catalogue> {
  checkServedHome(directory);
  const writes = addWriteHistogram(metrics);
  const { MongoCatalogue } = await import('./mongodb/mongodb-catalogue.js');
  const catalogue = await MongoCatalogue.open(mongodb, {
    told: (problem) => {
      if (problem === undefined) logger.info('the catalogue is kept on MongoDB');
      else logger.error({ problem }, 'MongoDB is out: what needs the catalogue waits until it answers');
    },
    wrote: (seconds) => writes.observe(seconds),
    ...(reach && { reach }),
  });
  try {
    await claimServedHome(directory, catalogue.identity);
    await opened?.(catalogue);
    return catalogue;
  } catch (error) {
    await catalogue.stop();
    throw error;
  }
}
