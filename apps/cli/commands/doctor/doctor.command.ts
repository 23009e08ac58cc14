import { Command } from 'commander';
import { EXIT } from '../../exit-codes.js';

const MORE = `
It reads the settings that a start would have (environment, the file that ALLUVIUM_CONFIG names), and looks at the port,
TLS files, data directory, disk, memory, processor, Node and C library, open files, clock, and at the server if one runs.
It changes nothing: beside a server that runs it only reads; else it writes one small file to the data directory and
removes it. Each finding says what is wrong, where, and how to mend it.

Exit status: 0 when nothing hinders (warnings may be there), 1 when there is a problem.

Examples:
  alluvium doctor
  ALLUVIUM_DATA_DIR=/var/lib/alluvium alluvium doctor
  alluvium doctor --json
docs/guide/doctor.md lists the findings.
`;

/** Says what would keep a server from running well here, and how to mend it. */
export function makeDoctorCommand(): Command {
  return new Command('doctor')
    .description('find what keeps a server from running well here')
    .option('--json', 'print the findings as JSON')
    .addHelpText('after', MORE)
    .action(async ({ json }: { readonly json?: true }) => {
      const { examine } = await import('./examine.js');
      const { thisMachine } = await import('./machine/machine.js');
      const { reportAsJson, reportInWords, worstOf } = await import('./report.js');
      const findings = await examine(thisMachine());
      process.stdout.write(json ? reportAsJson(findings) : reportInWords(findings));
      process.exitCode = worstOf(findings) === 'problem' ? EXIT.failed : EXIT.done;
    });
}
