export type Values = Readonly<Record<string, bigint>>;

/**
 * Evaluates a WHERE condition of `AND`, `OR`, parentheses and comparisons of quoted columns with placeholders, for a row
 * of integers. AND binds more tightly than OR, as in SQL.
 */
export function evaluateCondition(sql: string, params: readonly bigint[], row: Values): boolean {
  const tokens = sql.match(/`[^`]+`|<=|>=|[()<>=?]|AND|OR|TRUE/g) ?? [];
  let at = 0;
  let parameter = 0;
  const result = either();
  if (at !== tokens.length || parameter !== params.length) throw new Error(`Something is left of ${sql}`);
  return result;

  function either(): boolean {
    let value = both();
    while (tokens[at] === 'OR') {
      at += 1;
      const right = both();
      value = value || right;
    }
    return value;
  }
  function both(): boolean {
    let value = single();
    while (tokens[at] === 'AND') {
      at += 1;
      const right = single();
      value = value && right;
    }
    return value;
  }
  function single(): boolean {
    const token = tokens[at];
    at += 1;
    if (token === 'TRUE') return true;
    if (token !== '(') return compare(token ?? '');
    const value = either();
    if (tokens[at] !== ')') throw new Error(`A parenthesis is open in ${sql}`);
    at += 1;
    return value;
  }
  function compare(column: string): boolean {
    const left = row[column.slice(1, -1)];
    const operator = tokens[at];
    const right = params[parameter];
    if (left === undefined || right === undefined || tokens[at + 1] !== '?') throw new Error(`No comparison in ${sql}`);
    at += 2;
    parameter += 1;
    if (operator === '=') return left === right;
    if (operator === '<') return left < right;
    if (operator === '<=') return left <= right;
    if (operator === '>') return left > right;
    if (operator === '>=') return left >= right;
    throw new Error(`Unknown operator in ${sql}`);
  }
}
