import { createPluginRegistry } from '#plugin-host';
import { startTestApi, type TestApi } from '../../testing/test-api.js';
import { InputManager } from '../input-manager.js';
import { FakeInputs } from './fake-input.js';

const PATH = '/api/v1/inputs';
export const SOURCES = [{ networks: ['10.0.0.0/8'], stream: 'syslog', parser: 'auto', zone: '+02:00' }];
/** An input as it is asked for. */
export const OFFICE = { name: 'office', kind: 'fake', options: { port: 1 }, sources: SOURCES };

/** What answers are looked at for. */
interface Shown {
  readonly [key: string]: unknown;
  readonly code?: string;
  readonly state?: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly counters: Readonly<Record<string, unknown>>;
  readonly sources: readonly { readonly stream: string }[];
  readonly inputs: readonly {
    readonly name: string;
    readonly state: string;
    readonly last_error?: Trouble;
  }[];
  readonly last_error?: Trouble;
}
interface Trouble {
  readonly message: string;
}

/** The API with inputs that need no network. */
export class InputScene {
  private constructor(
    readonly api: TestApi,
    readonly inputs: FakeInputs,
    private readonly headers: Record<string, string>,
  ) {}

  static async start(): Promise<InputScene> {
    const inputs = new FakeInputs();
    const plugins = createPluginRegistry([inputs.plugin]);
    const api = await startTestApi({ plugins, settings: { admissionWaitMs: 0 } });
    const headers = { authorization: api.access.add('admin', ['system', 'metrics']) };
    await api.app.get(InputManager).start([]);
    return new InputScene(api, inputs, headers);
  }

  get manager(): InputManager {
    return this.api.app.get(InputManager);
  }

  async ask(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, payload?: object) {
    const { api, headers } = this;
    const answer = await api.inject({ method, url: PATH + path, headers, ...(payload && { payload }) });
    const body = answer.body === '' ? ({} as Shown) : answer.json<Shown>();
    return { status: answer.statusCode, body };
  }

  async metrics(): Promise<string> {
    return (await this.api.inject({ method: 'GET', url: '/metrics', headers: this.headers })).body;
  }

  stop(): Promise<void> {
    return this.api.stop();
  }
}
