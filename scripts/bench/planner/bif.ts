/** One variable of a Bayesian network whose variables have two states each, and its probability of the second state for each combination of its parents. */
export interface Variable {
  readonly name: string;
  readonly states: readonly [string, string];
  readonly parents: readonly string[];
  /** Index: the parents' states as a binary number, the first parent the highest bit. */
  readonly secondState: readonly number[];
}

/**
 * Reads a network in the Bayesian Interchange Format (F. G. Cozman, The Interchange Format for Bayesian Networks, 1998), the subset that networks of
 * two-state variables need. The variables come out in an order in which parents precede children. Throws where the text is not of that kind.
 */
export function readNetwork(text: string): Variable[] {
  const states = new Map<string, [string, string]>();
  for (const [, name = '', words = ''] of text.matchAll(/variable (\S+) \{\s*type discrete \[ 2 \] \{ ([^}]*) \};/g)) {
    const [first, second, ...more] = words.split(',').map((word) => word.trim());
    if (first === undefined || second === undefined || more.length > 0) throw new Error(`The variable ${name} has not two states.`);
    states.set(name, [first, second]);
  }
  const variables = new Map<string, Variable>();
  for (const [, head = '', body = ''] of text.matchAll(/probability \( ([^)]*) \) \{([^}]*)\}/g)) {
    const [name = '', given = ''] = head.split('|').map((word) => word.trim());
    const own = states.get(name);
    if (own === undefined) throw new Error(`There is a table for ${name}, which is no variable.`);
    const parents = given === '' ? [] : given.split(',').map((word) => word.trim());
    variables.set(name, { name, states: own, parents, secondState: tableOf(body, parents, states) });
  }
  return inOrder(variables);
}

function tableOf(body: string, parents: readonly string[], states: ReadonlyMap<string, readonly string[]>): number[] {
  const table = Array.from({ length: 2 ** parents.length }, () => Number.NaN);
  const flat = /^\s*table ([^;]*);/m.exec(body);
  if (flat !== null) table[0] = Number(flat[1]?.split(',')[1]);
  for (const [, combination = '', numbers = ''] of body.matchAll(/\(([^)]*)\) ([^;]*);/g)) {
    const index = combination.split(',').reduce((sum, word, at) => sum * 2 + (states.get(parents[at] ?? '')?.indexOf(word.trim()) ?? Number.NaN), 0);
    table[index] = Number(numbers.split(',')[1]);
  }
  if (table.some((probability) => !(probability >= 0 && probability <= 1))) throw new Error(`The table below ${parents.join(', ') || 'no parent'} is not complete.`);
  return table;
}

function inOrder(variables: ReadonlyMap<string, Variable>): Variable[] {
  const sorted: Variable[] = [];
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    const variable = variables.get(name);
    if (variable === undefined) throw new Error(`There is no table for ${name}.`);
    for (const parent of variable.parents) visit(parent);
    sorted.push(variable);
  };
  for (const name of variables.keys()) visit(name);
  return sorted;
}
