import { closest, distance } from 'fastest-levenshtein';

const SHOWN = 3;

/** Names that `name` was probably meant to be, nearest first. */
export function closeNames(name: string, known: readonly string[]): string[] {
  const wanted = name.toLowerCase();
  const allowed = Math.max(1, Math.floor(wanted.length / 3));
  return known
    .map((candidate) => ({ candidate, edits: distance(wanted, candidate.toLowerCase()) }))
    .filter(({ edits }) => edits <= allowed)
    .toSorted((a, b) => a.edits - b.edits || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, SHOWN)
    .map(({ candidate }) => candidate);
}

/** The known key that an unknown one is a slip of, if any: at most two letters apart. */
export function slipOf(key: string, known: readonly string[]): string | null {
  if (known.includes(key)) return null;
  const nearest = closest(key, known);
  return distance(key, nearest) <= 2 ? nearest : null;
}
