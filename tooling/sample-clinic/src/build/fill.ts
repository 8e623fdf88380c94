import { CANARY } from '../chance/canary.ts';
import type { Draw } from '../chance/draw.ts';
import { dateText, dateTimeText, type WallClock } from '../clock/wall-clock.ts';
import type { Practice, Row, Value } from './practice.ts';

/** When a row came to be and when it was last touched. */
export interface Moment {
  readonly entered: WallClock;
  readonly edited: WallClock;
}

/** What the maker of a row may use. */
export interface FillInput {
  readonly practice: Practice;
  readonly draw: Draw;
  readonly at: Moment;
  /** Position of the row among those added now, and how many these are. */
  readonly index: number;
  readonly total: number;
}

/** How one table is filled. */
export interface Fill {
  readonly table: string;
  /** Columns, besides the key, that other tables' rows look at. Without it nothing is kept. */
  readonly remembers?: readonly string[];
  /** The key, where the server's counter does not give it. */
  readonly key?: (input: FillInput) => Value;
  /** The columns worth a thought; the others get what is usual for their type and name. */
  readonly row: (input: FillInput) => Row;
}

/** The date a row came to be, or some days later. */
export function enteredDate({ at }: FillInput, daysLater = 0): string {
  return dateText(at.entered.day + daysLater);
}

/** The time a row came to be. */
export function enteredTime({ at }: FillInput): string {
  return dateTimeText(at.entered);
}

/** A date in the past or the future of when the row came to be: business dates are entered late and early. */
export function businessDate(input: FillInput, daysEarlier: number, daysLater: number): string {
  return enteredDate(input, input.draw.int(-daysEarlier, daysLater));
}

/** A kept value as an amount. */
export function amountOf(value: Value | undefined): number {
  return Number(value ?? 0);
}

/** A key as multi-server sites draw them: anywhere below 2^63, so nearly all are beyond what a JavaScript number holds. */
export function randomKey({ practice, draw }: FillInput): string {
  return practice.rules.canary ? `${CANARY.keyDigits}${draw.digits(15)}` : `${draw.int(1, 3)}${draw.digits(18)}`;
}

/** Random keys were switched on half-way through the practice's life: older rows keep the counter's keys. */
export function randomKeySinceHalfTime(input: FillInput): Value {
  const isOld = input.practice.rules.phase === 'history' && input.index < input.total / 2;
  return isOld ? input.practice.firstKey + input.index : randomKey(input);
}
