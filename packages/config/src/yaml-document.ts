import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Alias,
  type Document,
  type YAMLError,
} from 'yaml';

/** Where something stands in a file, counted from 1 as editors do. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Problem extends Place {
  readonly text: string;
}

export type Path = readonly PropertyKey[];

/** A YAML text as plain values, which still knows where each of them was written. */
export interface YamlDocument {
  readonly value: unknown;
  readonly warnings: readonly Problem[];
  /** The place of the value at a path; of the nearest thing around it where the path leads to nothing. */
  readonly placeOf: (path: Path) => Place;
  /** The place of the last key of a path. */
  readonly placeOfKey: (path: Path) => Place;
}

export type YamlResult =
  | { readonly ok: true; readonly document: YamlDocument }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * One anchor may be used this often. The library's own limit of 100 refuses files that a YAML writer made by giving
 * one anchor to a value shared by all tables.
 */
const MAX_ALIASES = 100_000;

/** The library's words where they speak to a programmer. */
const WORDS: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this key is already there above',
  MULTIPLE_DOCS: 'a second document begins here; one file holds one',
};

const START: Place = { line: 1, column: 1 };

/** Reads one YAML document. Duplicate keys are errors; aliases and merge keys (`<<`) are followed. */
export function readYaml(text: string): YamlResult {
  const lines = new LineCounter();
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const document = parseDocument(text, {
    lineCounter: lines,
    merge: true,
    stringKeys: true,
    prettyErrors: false,
    // 'silent' would also keep quiet about a second document in the file.
    logLevel: 'error',
  });
  const told = (each: YAMLError): Problem => ({ ...place(each.pos[0]), text: WORDS[each.code] ?? each.message });
  if (document.errors.length > 0) return { ok: false, problems: document.errors.map(told) };
  const badAlias = findUnresolvedAlias(document);
  if (badAlias)
    return { ok: false, problems: [{ ...place(startOf(badAlias)), text: `there is no anchor &${badAlias.source}` }] };
  const converted = toValue(document);
  if ('trouble' in converted) return { ok: false, problems: [{ ...START, text: converted.trouble }] };
  return {
    ok: true,
    document: {
      value: converted.value,
      warnings: document.warnings.map(told),
      placeOf: (path) => place(startOf(findNode(document, path).value)),
      placeOfKey: (path) => place(startOf(findNode(document, path).key)),
    },
  };
}

function toValue(document: Document.Parsed): { value: unknown } | { trouble: string } {
  try {
    return { value: document.toJS({ maxAliasCount: MAX_ALIASES }) };
  } catch (error) {
    // The library throws here for a merge key without a map and for anchors that contain themselves, without a place.
    return {
      trouble: error instanceof RangeError ? 'an anchor contains itself' : String(error).replace(/^\w*Error: /, ''),
    };
  }
}

function findUnresolvedAlias(document: Document.Parsed): Alias | null {
  const anchors = new Set<string>();
  const unresolved: Alias[] = [];
  visit(document, {
    Node: (_key, node) => {
      if (isAlias(node)) {
        if (anchors.has(node.source)) return undefined;
        unresolved.push(node);
        return visit.BREAK;
      }
      if (node.anchor) anchors.add(node.anchor);
      return undefined;
    },
  });
  return unresolved[0] ?? null;
}

function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}

/** Follows a path through maps, lists, aliases and merge keys, as far as it goes. */
function findNode(document: Document.Parsed, path: Path): { key: unknown; value: unknown } {
  let key: unknown = document.contents;
  let value: unknown = document.contents;
  for (const step of path) {
    const inside = isAlias(value) ? value.resolve(document) : value;
    const next = stepInto(document, inside, step);
    if (!next) break;
    // An absent value (`key:` and nothing) is said to stand where its key stands.
    key = next.key;
    value = next.value ?? next.key;
  }
  return { key, value };
}

/** `stringKeys` makes every key a text, but for the symbol of a merge key. */
function keyText(key: unknown): string | null {
  return isScalar(key) && typeof key.value === 'string' ? key.value : null;
}

function stepInto(
  document: Document.Parsed,
  node: unknown,
  step: PropertyKey,
): { key: unknown; value: unknown } | null {
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return item === undefined ? null : { key: item, value: item };
  }
  if (!isMap(node)) return null;
  const own = node.items.find((pair) => keyText(pair.key) === String(step));
  if (own) return { key: own.key, value: own.value };
  for (const pair of node.items) {
    if (!isScalar(pair.key) || pair.key.source !== '<<') continue;
    const merged = isSeq(pair.value) ? pair.value.items : [pair.value];
    for (const each of merged) {
      const found = stepInto(document, isAlias(each) ? each.resolve(document) : each, step);
      if (found) return found;
    }
  }
  return null;
}
