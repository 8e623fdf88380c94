import { stripVTControlCharacters } from 'node:util';

/** Lines that are kept of each package: an error that no test has caught, and how the package ended. */
const KEPT = 30;

/** Keeps the last lines that each package printed, from what turbo prints of all: `package:task: line`. */
export interface LastLines {
  add(line: string): void;
  of(packageName: string): readonly string[];
}

export function collectLastLines(task: string): LastLines {
  const kept = new Map<string, string[]>();
  return {
    add: (line) => {
      const plain = stripVTControlCharacters(line);
      const end = plain.indexOf(`:${task}: `);
      if (end === -1) return;
      const text = plain.slice(end + task.length + 3);
      if (text.trim() === '') return;
      const name = plain.slice(0, end);
      kept.set(name, [...(kept.get(name) ?? []), text].slice(-KEPT));
    },
    of: (packageName) => kept.get(packageName) ?? [],
  };
}
