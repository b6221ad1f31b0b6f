/** What settings may ask for besides what they say themselves. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Throws where the file cannot be read. */
  readonly readFile: (path: string) => string;
}

const largestSecretFile = 65_536;
const variable = /\$(?:\$|\{([A-Za-z_][A-Za-z0-9_]{0,127})(?::-([^}]*))?\})/g;

/** A variable that is not set, or whose file cannot be read; the text is for the user and holds no value. */
export class MissingVariable extends Error {}

function valueOf(name: string, { env, readFile }: Surroundings): string | undefined {
  if (env[name] !== undefined && env[name] !== '') return env[name];
  const path = env[`${name}_FILE`];
  if (path === undefined || path === '') return undefined;
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    throw new MissingVariable(`The file of the variable ${name}_FILE, ${path}, cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown'}).`);
  }
  if (text.length > largestSecretFile) throw new MissingVariable(`The file of the variable ${name}_FILE, ${path}, is larger than a secret is.`);
  return text.replace(/\r?\n$/, '');
}

/**
 * Puts the environment's values in: `${NAME}`, `${NAME:-otherwise}`, and `$$` for a dollar. Where NAME is not set and NAME_FILE is, the content of that file counts, without its last line feed:
 * so a secret is in no list of processes and no environment.
 */
export function substitute(text: string, surroundings: Surroundings): string {
  return text.replaceAll(variable, (_whole, name: string | undefined, otherwise: string | undefined) => {
    if (name === undefined) return '$';
    const value = valueOf(name, surroundings) ?? otherwise;
    if (value === undefined) throw new MissingVariable(`The variable ${name} is not set, and neither is ${name}_FILE.`);
    return value;
  });
}
