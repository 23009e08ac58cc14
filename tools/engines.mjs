// Starts the real engines that tests run on, and ends them: node tools/engines.mjs up|down|status [engine ...]
import { engines } from './engines/known-engines.mjs';
import { findUp, takeDown, writeUp } from './engines/kept-up.mjs';
import { startEngine } from './engines/start-engine.mjs';

const HELP = `npm run engines -- up|down|status [engine ...]

  up      starts engines on loopback, on free ports, with temporary data; prints the variables that name them
  down    ends them and removes their data
  status  says which of them run

Without a name all of them:
${engines.map(({ name, about }) => `  ${name.padEnd(12)}${about}`).join('\n')}
`;

const ACTIONS = { up, down, status };

async function up(engine) {
  const there = findUp(engine.name);
  if (there) return print(engine, there, 'runs already');
  const started = await startEngine(engine, { staysUp: true });
  writeUp(engine.name, started);
  print(engine, started, 'is up');
}

async function down({ name }) {
  console.log(`# ${name} ${(await takeDown(name)) ? 'is down' : 'was not up'}`);
}

function status(engine) {
  const there = findUp(engine.name);
  if (there) print(engine, there, 'runs');
  else console.log(`# ${engine.name} is not up`);
}

/** As lines that a shell can take over. */
function print({ name }, { pid, version, variables }, state) {
  console.log(`# ${name} ${version} ${state}, pid ${pid}`);
  for (const [variable, value] of Object.entries(variables)) console.log(`export ${variable}=${value}`);
}

function chosen(names) {
  const unknown = names.filter((name) => !engines.some((engine) => engine.name === name));
  if (unknown.length > 0)
    throw new Error(
      `No such engine: ${unknown.join(', ')}. There are: ${engines.map(({ name }) => name).join(', ')}.`,
    );
  return names.length === 0 ? engines : engines.filter(({ name }) => names.includes(name));
}

async function main([action = '--help', ...names]) {
  if (['--help', '-h', 'help'].includes(action)) return console.log(HELP);
  if (!Object.hasOwn(ACTIONS, action))
    throw new Error(`No such action: ${action}. There are: up, down, status; --help says more.`);
  for (const engine of chosen(names)) await ACTIONS[action](engine);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
