// Ends with 0 where the appliance in this container can accept an event, with 1 otherwise; called with `live`, where its process
// lives, as one does that waits for an engine. For HEALTHCHECK: the image has no curl. Host and port are those of the environment; a port that only a file of settings names has to be set there too.
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

const { ALLUVIUM_HTTP_PORT: port = '8080', ALLUVIUM_HTTP_HOST: host = '127.0.0.1' } = process.env;
const secure = Boolean(process.env.ALLUVIUM_TLS_CERT);
const ask = secure ? requestHttps : requestHttp;
const options = {
  host: ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host,
  port,
  path: process.argv[2] === 'live' ? '/health/live' : '/health/ready',
  timeout: 4_000,
  // The certificate is for the name that clients use, not for this address.
  ...(secure && { rejectUnauthorized: false }),
};

function end(code, text) {
  process.stdout.write(`${text}\n`);
  process.exit(code);
}

const asked = ask(options, (answer) => {
  let text = '';
  answer.on('data', (chunk) => (text += chunk));
  answer.on('end', () => end(answer.statusCode === 200 ? 0 : 1, text));
});
asked.on('timeout', () => end(1, 'no answer in time'));
asked.on('error', (error) => end(1, error.message));
asked.end();
