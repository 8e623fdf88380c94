import { dateText, dateTimeText } from '../../clock/wall-clock.ts';
import type { EditInput } from '../act.ts';

/** Today, or a date some days from it. */
export function today({ clock }: EditInput, daysLater = 0): string {
  return dateText(clock.day + daysLater);
}

/** The time on the wall. */
export function timeNow({ clock }: EditInput): string {
  return dateTimeText(clock);
}

/** A column of the row as a number. */
export function numberOf({ row }: EditInput, column: string): number {
  return Number(row[column]);
}

/** Another of the values than the one the row has. */
export function another<T extends string | number>(input: EditInput, column: string, values: readonly T[]): T {
  return input.draw.pick(values.filter((value) => String(value) !== input.row[column]));
}
