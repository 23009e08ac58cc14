import { makeProgram } from './program.js';
import { runCli } from './run-cli.js';

// Whoever reads the output has read enough (`alluvium search | head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const status = await runCli(makeProgram(), process.argv.slice(2));
if (status !== undefined) process.exitCode = status;
