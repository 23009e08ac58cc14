import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CATALOGUE, catalogueStatus, type Catalogue } from '#catalogue';
import { HealthState, type HealthReport } from '#observability';

/**
 * Says whether the catalogue's server answers, where it has one. While it is out events of known keys are still accepted, and
 * wait on the bus; what needs the catalogue is refused by itself.
 */
@Injectable()
export class CatalogueHealth implements OnModuleInit {
  constructor(
    @Inject(HealthState) private readonly health: HealthState,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
  ) {}

  onModuleInit(): void {
    if (catalogueStatus(this.catalogue)) this.health.register('catalogue', async () => this.#report());
  }

  #report(): HealthReport {
    const status = catalogueStatus(this.catalogue);
    const members = { members_alive: status?.members.alive, members_known: status?.members.known };
    if (status?.fault === undefined) return { status: 'up', detail: members };
    return { status: 'degraded', detail: { ...members, error: status.fault } };
  }
}
