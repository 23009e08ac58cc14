import { Argument, Command } from 'commander';

const MORE = `
It is made from the commands of this version: load it anew after an update. Pressing Tab starts no process.

Examples:
  source <(alluvium completion bash)
  alluvium completion bash > ~/.local/share/bash-completion/completions/alluvium
  source <(alluvium completion zsh)
  alluvium completion fish > ~/.config/fish/completions/alluvium.fish
`;

/** `completion bash|zsh|fish`. */
export function makeCompletionCommand(): Command {
  const command = new Command('completion');
  return command
    .description('print a script that completes commands and options in a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', MORE)
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      const { completionScript } = await import('./completion-script.js');
      process.stdout.write(completionScript(command.parent ?? command, shell));
    });
}
