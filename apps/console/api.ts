/** What an error of the API says; the same members as in its answers. */
export interface ProblemBody {
  readonly title: string;
  readonly detail: string;
  readonly mend: string;
  readonly code: string;
  readonly errors?: readonly { readonly path: string; readonly message: string; readonly mend: string }[];
}

/** An answer that is no success. */
export class ApiError extends Error {
  constructor(readonly problem: ProblemBody) {
    super(problem.detail);
  }
}

/** An event as a search shows it. */
export interface LogEvent {
  readonly event_id: string;
  readonly timestamp: string;
  readonly severity_number?: number;
  readonly level?: string;
  readonly service?: string;
  readonly message?: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

export interface LogsPage {
  readonly total: number;
  readonly total_is_exact: boolean;
  readonly logs: readonly LogEvent[];
  readonly stats: { readonly elapsed_ms: number };
}

export interface Bucket {
  readonly time: string;
  readonly metrics: { readonly count: number };
}

export interface EventContext {
  readonly before: readonly LogEvent[];
  readonly event: LogEvent;
  readonly after: readonly LogEvent[];
}

/** Asks the server on behalf of a key. */
export class Api {
  constructor(readonly key: string) {}

  /** @throws ApiError */
  async get<T>(path: string, signal?: AbortSignal): Promise<T> {
    return (await (await this.open(path, signal ? { signal } : {})).json()) as T;
  }

  /** @throws ApiError */
  async post<T>(path: string, body: object, signal: AbortSignal): Promise<T> {
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(body), signal };
    return (await (await this.open(path, init)).json()) as T;
  }

  /** The answer as it comes. @throws ApiError */
  async open(path: string, init: RequestInit): Promise<Response> {
    const headers = { ...(init.headers as object), authorization: `Bearer ${this.key}` };
    const answer = await fetch(path, { ...init, headers, cache: 'no-store' }).catch(unreached);
    if (!answer.ok) throw new ApiError(await problemOf(answer));
    return answer;
  }
}

/** What an error means to a person; undefined where the question was only withdrawn. */
export function asProblem(error: unknown): ProblemBody | undefined {
  if (error instanceof ApiError) return error.problem;
  if (error instanceof DOMException && error.name === 'AbortError') return undefined;
  const detail = error instanceof Error ? error.message : String(error);
  return { code: 'page', title: 'The page failed', detail, mend: 'Load the page again.' };
}

function unreached(error: unknown): never {
  if (error instanceof DOMException && error.name === 'AbortError') throw error;
  throw new ApiError({
    code: 'unreached',
    title: 'The server gave no answer',
    detail: 'The connection failed, or was closed.',
    mend: 'Look whether the server runs, then try again.',
  });
}

async function problemOf(answer: Response): Promise<ProblemBody> {
  const body = (await answer.json().catch(() => ({}))) as Partial<ProblemBody>;
  const { code = 'unknown', title = `Status ${answer.status}`, detail = '', mend = '', errors } = body;
  return { code, title, detail, mend, ...(errors && { errors }) };
}
