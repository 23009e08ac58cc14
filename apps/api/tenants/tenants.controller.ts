import { Body, Controller, Get, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { TenantRegistry, type Principal, type Tenant } from '#access';
import { NAME_RULE } from '#event-model';
import { Audited } from '../audit/audited.decorator.js';
import { pick, textOf } from '../audit/audited-change.js';
import { RequireScope } from '../guarding/access-metadata.js';
import { Caller } from '../guarding/caller.decorator.js';
import { Problem } from '../problems/problem.js';

const newTenantSchema = z.strictObject({ name: z.string().describe(`${NAME_RULE}.`) });
const tenantSchema = z.object({ name: z.string(), created_at: z.string().optional() });
const tenantListSchema = z.object({ tenants: z.array(tenantSchema) });

@ApiTags('Tenants')
@Controller('api/v1/tenants')
export class TenantsController {
  constructor(@Inject(TenantRegistry) private readonly tenants: TenantRegistry) {}

  @Get()
  @RequireScope('system')
  @ApiOperation({ summary: 'All tenants', description: '`default` is always there.' })
  @ApiResponse({ status: 200, standardSchema: tenantListSchema })
  async list(@Caller() caller: Principal): Promise<{ readonly tenants: readonly Tenant[] }> {
    return { tenants: await this.tenants.list(caller) };
  }

  @Get(':tenant')
  @RequireScope('system')
  @ApiOperation({ summary: 'One tenant', description: 'Since when it is there.' })
  @ApiResponse({ status: 200, standardSchema: tenantSchema })
  async find(@Caller() caller: Principal, @Param('tenant') name: string): Promise<Tenant> {
    const found = (await this.tenants.list(caller)).find((tenant) => tenant.name === name);
    if (!found) throw new Problem('tenant_not_found', `There is no tenant named "${name.slice(0, 80)}".`);
    return found;
  }

  @Post()
  @RequireScope('system')
  @Audited<TenantsController>({
    action: 'tenant.create',
    of: 'appliance',
    object: ({ body }) => textOf(body, 'name'),
    made: (tenant) => pick(tenant as object, 'name'),
  })
  @ApiOperation({
    summary: 'Make a tenant; then make keys for it',
    description: 'A tenant sees nothing of another: which one a request is for comes from its key alone.',
  })
  @ApiResponse({ status: 201, standardSchema: tenantSchema })
  create(
    @Caller() caller: Principal,
    @Body({ schema: newTenantSchema }) { name }: z.infer<typeof newTenantSchema>,
  ): Promise<Tenant> {
    return this.tenants.create(caller, name);
  }
}
