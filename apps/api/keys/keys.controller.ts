import { Body, Controller, Delete, Get, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { KeyRing, type KeyRecord, type KeyRequest, type Principal } from '#access';
import { parseTime } from '#event-model';
import { Audited } from '../audit/audited.decorator.js';
import { textOf, without } from '../audit/audited-change.js';
import { RequireScope } from '../guarding/access-metadata.js';
import { Caller } from '../guarding/caller.decorator.js';
import { Problem } from '../problems/problem.js';
import {
  keyListSchema,
  madeKeySchema,
  newKeySchema,
  shownKeySchema,
  type NewKeyRequest,
} from './keys.schema.js';

@ApiTags('Keys')
@Controller('api/v1/keys')
export class KeysController {
  constructor(@Inject(KeyRing) private readonly keys: KeyRing) {}

  @Get()
  @RequireScope(['keys:admin', 'system'])
  @ApiOperation({
    summary: 'The keys, without their secrets',
    description: 'Revoked and expired ones too. A key with `system` sees those of all tenants.',
  })
  @ApiResponse({ status: 200, standardSchema: keyListSchema })
  async list(@Caller() caller: Principal): Promise<{ readonly keys: readonly KeyRecord[] }> {
    return { keys: await this.keys.listKeys(caller) };
  }

  @Get(':id')
  @RequireScope(['keys:admin', 'system'])
  @ApiOperation({ summary: 'One key, without its secret', description: 'Revoked and expired ones too.' })
  @ApiResponse({ status: 200, standardSchema: shownKeySchema })
  async find(@Caller() caller: Principal, @Param('id') id: string): Promise<KeyRecord> {
    const found = (await this.keys.listKeys(caller)).find((key) => key.id === id);
    if (!found) throw new Problem('key_not_found', 'The key may see no key of this id.');
    return found;
  }

  @Post()
  @RequireScope(['keys:admin', 'system'])
  @Audited<KeysController>({
    action: 'key.create',
    of: ({ body }, made) => textOf(made, 'tenant') ?? textOf(body, 'tenant'),
    object: ({ body }, made) => textOf(made, 'id') ?? textOf(body, 'name'),
    made: (made) => without(made, 'key', 'id'),
  })
  @ApiOperation({
    summary: 'Make a key; its secret is shown in this answer only',
    description: 'Of the own tenant, unless the asking key has `system`.',
  })
  @ApiResponse({ status: 201, standardSchema: madeKeySchema })
  async create(
    @Caller() caller: Principal,
    @Body({ schema: newKeySchema }) request: NewKeyRequest,
  ): Promise<KeyRecord & { readonly key: string }> {
    const { key, record } = await this.keys.createKey(caller, toKeyRequest(request));
    return { ...record, key };
  }

  @Delete(':id')
  @RequireScope(['keys:admin', 'system'])
  @Audited<KeysController>({
    action: 'key.revoke',
    of: (_, revoked) => textOf(revoked, 'tenant'),
    state: (keys, { caller, params }) => keys.find(caller, params['id'] ?? ''),
  })
  @ApiOperation({
    summary: 'Revoke a key, at once',
    description: 'Requests with it are refused from then on; its record stays.',
  })
  @ApiResponse({ status: 200, standardSchema: shownKeySchema })
  revoke(@Caller() caller: Principal, @Param('id') id: string): Promise<KeyRecord> {
    return this.keys.revokeKey(caller, id);
  }
}

function toKeyRequest(request: NewKeyRequest): KeyRequest {
  const { name, scopes, tenant, source, streams, default_stream: defaultStream } = request;
  const expiresAt = request.expires_at === undefined ? undefined : parseTime(request.expires_at);
  return {
    name,
    scopes,
    ...(tenant !== undefined && { tenant }),
    ...(source !== undefined && { source }),
    ...(streams !== undefined && { streams }),
    ...(defaultStream !== undefined && { defaultStream }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}
