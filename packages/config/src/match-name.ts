export type NameMatch =
  | { readonly kind: 'found'; readonly name: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'ambiguous'; readonly names: readonly string[] };

/** The given names, made ready for many look-ups. */
export interface NameIndex {
  readonly exact: ReadonlySet<string>;
  readonly byLowerCase: ReadonlyMap<string, readonly string[]>;
}

export function indexNames(names: Iterable<string>): NameIndex {
  const exact = new Set(names);
  return { exact, byLowerCase: Map.groupBy(exact, (name) => name.toLowerCase()) };
}

/**
 * Finds a table by name: exactly, else without regard to case where only one fits.
 *
 * MySQL on Windows lower-cases table names, and tables.yml may have been written against another server.
 */
export function matchName(wanted: string, names: NameIndex): NameMatch {
  if (names.exact.has(wanted)) return { kind: 'found', name: wanted };
  const candidates = names.byLowerCase.get(wanted.toLowerCase()) ?? [];
  const [only, another] = candidates;
  if (only === undefined) return { kind: 'absent' };
  return another === undefined ? { kind: 'found', name: only } : { kind: 'ambiguous', names: candidates };
}
