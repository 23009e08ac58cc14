import { createServer } from 'node:net';
import type { DoctorContext } from '../context.js';
import { fine, problem, type Finding } from '../finding.js';

/** Whether the server could listen, or does. */
export async function checkPort(context: DoctorContext): Promise<readonly Finding[]> {
  const { server, owner } = context;
  const { httpHost, httpPort } = context.settings.boot;
  const where = `${httpHost}:${httpPort}`;
  if (httpPort === 0) return [fine('port', 'The start takes a free one and prints it.')];
  if (server.kind === 'alluvium' && owner.kind !== 'free')
    return [fine('port', 'The running Alluvium listens there.', where)];
  if (server.kind === 'alluvium')
    return [taken(where, 'An Alluvium with another data directory listens there.')];
  if (server.kind === 'stranger' && owner.kind === 'held') return [hanging(where, owner.by, server.how)];
  if (server.kind === 'stranger') return [taken(where, `Another program listens there: ${server.how}.`)];
  const code = await tryToListen(httpHost, httpPort);
  return [code === undefined ? fine('port', 'It is free.', where) : refused(code, where)];
}

/** The process with the data directory should be the one that listens. */
function hanging(where: string, by: string, how: string): Finding {
  return problem('port', {
    what: `What listens there does not answer as Alluvium should: ${how}. It may be ${by}, which has the data directory.`,
    where,
    mend: 'Wait if that one is starting; else look into its log. If it hangs, end it with SIGKILL and start it anew: nothing that was acknowledged is lost.',
  });
}

function taken(where: string, what: string): Finding {
  const port = where.slice(where.lastIndexOf(':') + 1);
  return problem('port', {
    what,
    where,
    mend: `Stop that one (ss -ltnp 'sport = :${port}' tells its process), or take another port: ALLUVIUM_HTTP_PORT.`,
  });
}

function refused(code: string, where: string): Finding {
  if (code === 'EADDRINUSE') return taken(where, 'Another program has the port.');
  const { what, mend } = REFUSALS[code] ?? {
    what: `It can not be listened on (${code}).`,
    mend: 'Take another address or port: ALLUVIUM_HTTP_HOST, ALLUVIUM_HTTP_PORT.',
  };
  return problem('port', { what, where, mend });
}

const HOST = 'Set ALLUVIUM_HTTP_HOST to an address of this machine, or to 0.0.0.0 for all of them.';
const REFUSALS: Readonly<Record<string, { readonly what: string; readonly mend: string }>> = {
  EACCES: {
    what: 'This user may not listen on a port below 1024.',
    mend: 'Take a port from 1024 on (ALLUVIUM_HTTP_PORT), or put a proxy before it.',
  },
  EADDRNOTAVAIL: { what: 'The address is not one of this machine.', mend: HOST },
  ENOTFOUND: { what: 'The name of the host is not known.', mend: HOST },
  EAI_AGAIN: { what: 'The name of the host can not be looked up now.', mend: HOST },
};

/** Listens for a moment. The code of the error that came, if any. */
function tryToListen(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer((connection) => connection.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
