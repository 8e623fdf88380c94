/**
 * All that can be got out of a value by whoever holds it, as one text: every property of every object in it, enumerable
 * or not, own or a getter, with names, symbols, causes, stacks and bytes.
 */
export function everythingIn(value: unknown): string {
  const seen = new Set<unknown>();
  const pieces: string[] = [];
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const current = waiting.pop();
    if (!isHolder(current)) pieces.push(String(current));
    else if (!seen.has(current)) {
      seen.add(current);
      if (current instanceof Uint8Array) pieces.push(Buffer.from(current).toString('latin1'));
      else waiting.push(...contentsOf(current));
    }
  }
  return pieces.join('\n');
}

function isHolder(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function contentsOf(holder: object): unknown[] {
  const entries = holder instanceof Map || holder instanceof Set ? [...holder.entries()] : [];
  const own = Reflect.ownKeys(holder).flatMap((name) => [name, read(holder, name)]);
  return [...entries.flat(), ...own, ...gettersOf(holder).map((name) => read(holder, name))];
}

/** What a class computes, which no own property shows. */
function gettersOf(holder: object): PropertyKey[] {
  const names: PropertyKey[] = [];
  let prototype: unknown = Object.getPrototypeOf(holder);
  while (isHolder(prototype) && prototype !== Object.prototype && prototype !== Function.prototype) {
    const descriptors = Object.entries(Object.getOwnPropertyDescriptors(prototype));
    names.push(...descriptors.filter(([, descriptor]) => 'get' in descriptor).map(([name]) => name));
    prototype = Object.getPrototypeOf(prototype);
  }
  return names;
}

function read(holder: object, name: PropertyKey): unknown {
  try {
    const found: unknown = Reflect.get(holder, name);
    return found;
  } catch (error) {
    // Some getters want another `this`; what they throw may tell something, too.
    return error;
  }
}
