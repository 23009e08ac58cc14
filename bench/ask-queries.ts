import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AskJob, Answered, Question } from './ask-job.js';
import { timeRuns } from './time-runs.js';

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** Asks each question several times over one connection, one after the other. */
async function askAll({ url, key, questions, ...runs }: AskJob): Promise<Answered[]> {
  const answered: Answered[] = [];
  for (const question of questions) answered.push(await timeRuns(() => ask(url, key, question), runs));
  return answered;
}

async function ask(url: string, key: string, { path, body }: Question): Promise<string> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const method = body === undefined ? 'GET' : 'POST';
  const sent = request(`${url}${path}`, { agent, method, headers });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const said = await text(answer);
  if (answer.statusCode !== 200)
    throw new Error(`${path} answered ${answer.statusCode}: ${said.slice(0, 500)}`);
  return said;
}

process.once('message', (job: AskJob) => {
  void askAll(job).then((answered) => {
    agent.destroy();
    process.send?.(answered, () => process.disconnect());
  });
});
