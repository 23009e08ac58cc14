import { Inject, Injectable } from '@nestjs/common';
import { TenantRegistry, type Principal } from '#access';
import { RoutingRules } from '#routing';
import { InputManager } from '../inputs/input-manager.js';

/** Finds what names a parser besides requests. */
@Injectable()
export class ParserUsers {
  constructor(
    @Inject(InputManager) private readonly inputs: InputManager,
    @Inject(RoutingRules) private readonly rules: RoutingRules,
    @Inject(TenantRegistry) private readonly tenants: TenantRegistry,
  ) {}

  /**
   * Sources of inputs and routing rules that name it, in words: `the input edge`.
   *
   * @param caller whose tenants are asked: all of the server with `system`
   */
  async of(parser: string, caller: Principal): Promise<readonly string[]> {
    const inputs = this.inputs
      .list()
      .filter(({ record }) => record.sources.some((source) => source.parser === parser))
      .map(({ record }) => `the input ${record.name}`);
    const tenants = await this.tenants.list(caller);
    const rules = await Promise.all(tenants.map(({ name }) => this.#rulesOf(name, parser)));
    return [...inputs, ...rules.flat()];
  }

  async #rulesOf(tenant: string, parser: string): Promise<readonly string[]> {
    const { rules } = await this.rules.read(tenant);
    return rules
      .filter(({ when, action }) => action.parser === parser || when.parsers?.includes(parser))
      .map(({ name }) => `the rule ${name} of the tenant ${tenant}`);
  }
}
