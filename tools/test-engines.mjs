// Runs the suites that need an engine which is a server, and says what they ran on and what they can't show.
import { describeTopology } from './engines/topology.mjs';
import { runCommand } from './run-command.mjs';

const topology = await describeTopology();
const { code } = await runCommand(process.execPath, ['tools/test.mjs', 'engines', ...process.argv.slice(2)]);
console.log(topology.join('\n'));
process.exitCode = code;
