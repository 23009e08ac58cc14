/** One instruction, its lines joined. */
export interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** One stage: what stands behind its `FROM`. */
export interface Stage {
  readonly name: string;
  readonly instructions: readonly Instruction[];
}

/** The stages of a Dockerfile by their names, as far as this project's uses the language. */
export function readDockerfile(text: string): ReadonlyMap<string, Stage> {
  const stages = new Map<string, { name: string; instructions: Instruction[] }>();
  let stage: { name: string; instructions: Instruction[] } | undefined;
  for (const instruction of instructionsOf(text)) {
    const name = /^\S+ AS (\S+)$/i.exec(instruction.text)?.[1];
    if (instruction.name === 'FROM' && name !== undefined) {
      stage = { name, instructions: [] };
      stages.set(name, stage);
    } else stage?.instructions.push(instruction);
  }
  return stages;
}

/** The list of an instruction in exec form: `["a", "b"]`. */
export function execForm(stage: Stage, name: string): readonly string[] {
  const found = stage.instructions.find((each) => each.name === name);
  const list = /\[.*\]/.exec(found?.text ?? '')?.[0];
  if (list === undefined) throw new Error(`${stage.name} has no ${name} in exec form`);
  return JSON.parse(list) as string[];
}

/** The variables that a stage sets. */
export function environmentOf(stage: Stage): Readonly<Record<string, string>> {
  const texts = stage.instructions.filter(({ name }) => name === 'ENV').map(({ text }) => text);
  return Object.fromEntries(
    texts.flatMap((text) => [...text.matchAll(/(\w+)=(\S+)/g)].map(([, k, v]) => [k, v])),
  );
}

function instructionsOf(text: string): readonly Instruction[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const joined = lines.join('\n').replaceAll(/\\\n\s*/g, '');
  return joined.split('\n').map((line) => {
    const [, name = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    return { name, text: rest };
  });
}
