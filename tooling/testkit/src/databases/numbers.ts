const DIGITS = Array.from({ length: 10 }, (_, digit) => `SELECT ${digit}${digit === 0 ? ' AS d' : ''}`).join(
  ' UNION ALL ',
);

/**
 * A derived table with the whole numbers from `first` to `last` as column `seq`, in no order. MySQL has no `seq_1_to_9`, and 5.6 no
 * recursion either.
 */
export function numbers(first: number, last: number): string {
  const count = last - first + 1;
  const places = Array.from(String(count), (_, place) => place);
  const number = places.map((place) => `p${place}.d * ${10 ** place}`).join(' + ');
  const from = places.map((place) => `(${DIGITS}) AS p${place}`).join(', ');
  return `(SELECT ${first} + n AS seq FROM (SELECT ${number} AS n FROM ${from}) AS counted WHERE n < ${count}) AS numbers`;
}
