import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { AttachedArchives, type AttachedArchive } from '#archived-units';
import { ReadOnlyStreams, StreamRegistry } from '#storage-tier';
import { mayTouch, requireStream } from '../guarding/stream-access.js';
import { Problem } from '../problems/problem.js';
import { archiveFigures } from './archive-figures.js';
import { ArchiveFinder, type AttachableArchive } from './archive-finder.js';
import type {
  ArchiveEstimate,
  AttachRequest,
  ShownAttachedArchive,
  ShownAttachedList,
} from './attach.schema.js';
import { toArchive } from './to-archive.js';

/** Refusals that an answer shows. */
const MOST_SHOWN = 100;

/** Attaches archives as read-only streams, and detaches them. Nothing is written where they lie. */
@Injectable()
export class AttachService {
  constructor(
    @Inject(ArchiveFinder) private readonly finder: ArchiveFinder,
    @Inject(AttachedArchives) private readonly attached: AttachedArchives,
    @Inject(StreamRegistry) private readonly streams: StreamRegistry,
    @Inject(ReadOnlyStreams) private readonly readOnly: ReadOnlyStreams,
  ) {}

  /** What would be attached. @throws Problem as {@link ArchiveFinder.find}, `forbidden` */
  async estimate(caller: Principal, request: AttachRequest): Promise<ArchiveEstimate> {
    requireBoth(caller, request);
    return toEstimate(request, await this.finder.find(caller.tenant, request));
  }

  /** @throws Problem as {@link estimate}, `archive_empty`, `archive_refused`; StreamError */
  async attach(caller: Principal, request: AttachRequest): Promise<ShownAttachedArchive> {
    requireBoth(caller, request);
    const { tenant } = caller;
    const { name } = request;
    if (await this.streams.find(tenant, name))
      throw new Problem('stream_exists', `There is a stream named "${name}" already.`);
    const found = await this.finder.find(tenant, request);
    const eventType = requireUnits(request, found);
    const attached = toAttached(request, found, eventType);
    await this.attached.put({ tenant, stream: name }, attached);
    await this.streams.create({ tenant, name, eventType, readOnly: 'attached' });
    return shown({ ...attached, name });
  }

  /** Those of the tenant that the key may touch. */
  async list(caller: Principal): Promise<ShownAttachedList> {
    const all = await this.attached.list(caller.tenant);
    const attached = all.filter(({ name }) => mayTouch(caller, name)).map(shown);
    return { attached, places: [...this.finder.places] };
  }

  /** @throws Problem `archive_not_attached`, `forbidden` */
  async find(caller: Principal, name: string): Promise<ShownAttachedArchive> {
    requireStream(caller, name);
    const attached = await this.attached.of(caller.tenant, name);
    if (attached) return shown({ ...attached, name });
    throw new Problem('archive_not_attached', `No archive is attached as "${name}".`);
  }

  /** From the first step on nobody finds the stream; made again, what a killed process left is done. */
  async detach(caller: Principal, name: string): Promise<ShownAttachedArchive> {
    const gone = await this.find(caller, name);
    const { tenant } = caller;
    await this.readOnly.remove(tenant, name);
    await this.attached.forget({ tenant, stream: name });
    return gone;
  }
}

/** Who is held to some streams reads no other by another name. */
function requireBoth(caller: Principal, { name, stream }: AttachRequest): void {
  requireStream(caller, name);
  requireStream(caller, stream);
}

/** @returns the event type's name */
function requireUnits(request: AttachRequest, { units, refused, eventType }: AttachableArchive): string {
  const { place, stream, skip_refused: skips } = request;
  const missing = refused.filter(({ reason }) => reason !== 'superseded');
  const [first] = missing;
  if (first && (!skips || units.length === 0))
    throw new Problem(
      'archive_refused',
      `Manifests that were refused: ${missing.length}. The first, ${first.key}: ${first.detail}`,
    );
  if (!eventType)
    throw new Problem('archive_empty', `The place "${place}" has no archive of the stream "${stream}".`);
  return eventType.name;
}

function toEstimate(
  request: AttachRequest,
  { units, refused, eventType, signedBy }: AttachableArchive,
): ArchiveEstimate {
  const { name, place, stream } = request;
  return {
    ...{ name, place, stream },
    ...(eventType && { event_type: eventType.name }),
    ...archiveFigures(units.map(({ manifest }) => ({ ...manifest, events: manifest.fingerprint.events }))),
    signed_by: [...signedBy],
    refused: refused.slice(0, MOST_SHOWN),
    refused_total: refused.length,
  };
}

function toAttached(request: AttachRequest, found: AttachableArchive, eventType: string): AttachedArchive {
  const { place, stream } = request;
  return {
    ...{ place, stream, event_type: eventType, signed_by: found.signedBy },
    attached_at: new Date().toISOString(),
    archive: toArchive(found.units),
  };
}

function shown({
  archive,
  signed_by: by,
  ...rest
}: AttachedArchive & { readonly name: string }): ShownAttachedArchive {
  const { name, place, stream, event_type, attached_at } = rest;
  return {
    ...{ name, place, stream, event_type, ...archiveFigures(archive.units) },
    ...{ signed_by: [...by], attached_at },
  };
}
