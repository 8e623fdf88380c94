/** One place that variables are read from. */
export interface EnvironmentLayer {
  /** As said to people: `environment`, or the path of the file. */
  readonly origin: 'environment' | '.env';
  readonly values: Readonly<Record<string, string | undefined>>;
}

/** The variables of the process and of a .env file, strongest first. An empty value counts as not set. */
export interface Environment {
  readonly layers: readonly EnvironmentLayer[];
}

export interface FoundVariable {
  readonly value: string;
  readonly from: EnvironmentLayer['origin'];
}

/** An environment of the process's variables alone. */
export function processEnvironment(values: EnvironmentLayer['values']): Environment {
  return { layers: [{ origin: 'environment', values }] };
}

export function readLayer(layer: EnvironmentLayer, name: string): string | null {
  const value = layer.values[name];
  return value === undefined || value === '' ? null : value;
}

/** A variable from the strongest layer that has it. */
export function readVariable(environment: Environment, name: string): FoundVariable | null {
  for (const layer of environment.layers) {
    const value = readLayer(layer, name);
    if (value !== null) return { value, from: layer.origin };
  }
  return null;
}
