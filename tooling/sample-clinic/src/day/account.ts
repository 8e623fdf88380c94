import { CLINIC_TABLES } from '../schema/clinic-tables.ts';

/** What a day did to one table, as the difference between its rows before and after. */
export interface TableAccount {
  readonly inserted: number;
  /** Rows there before and after, but not the same. */
  readonly updated: number;
  /** Those of `updated` on which the server moved no stamp: all of them in the 33 tables that have none. */
  readonly updatedWithoutStamp: number;
  /** Rows gone. */
  readonly deleted: number;
  /** Those of `updated` that are now marked as deleted. */
  readonly softDeleted: number;
}

/** Per table, all 68 of them. */
export type DayAccount = Readonly<Record<string, TableAccount>>;

class TableLedger {
  readonly inserted = new Set<string>();
  readonly updated = new Set<string>();
  readonly deleted = new Set<string>();
  readonly softDeleted = new Set<string>();
}

/** Keeps book of the keys a day touches, so that a row touched twice counts once. */
export class Ledger {
  readonly #tables = new Map(CLINIC_TABLES.map((table) => [table.name, new TableLedger()]));

  inserted(table: string, key: string): void {
    this.#of(table).inserted.add(key);
  }

  updated(table: string, key: string): void {
    const ledger = this.#of(table);
    if (!ledger.inserted.has(key)) ledger.updated.add(key);
  }

  softDeleted(table: string, key: string): void {
    this.updated(table, key);
    const ledger = this.#of(table);
    if (ledger.updated.has(key)) ledger.softDeleted.add(key);
  }

  deleted(table: string, key: string): void {
    const ledger = this.#of(table);
    ledger.updated.delete(key);
    ledger.softDeleted.delete(key);
    if (!ledger.inserted.delete(key)) ledger.deleted.add(key);
  }

  /** The account of what was booked. */
  close(): DayAccount {
    return Object.fromEntries(
      CLINIC_TABLES.map(({ name, stamp }) => {
        const { inserted, updated, deleted, softDeleted } = this.#of(name);
        const account: TableAccount = {
          inserted: inserted.size,
          updated: updated.size,
          updatedWithoutStamp: stamp === undefined ? updated.size : 0,
          deleted: deleted.size,
          softDeleted: softDeleted.size,
        };
        return [name, account];
      }),
    );
  }

  #of(table: string): TableLedger {
    const ledger = this.#tables.get(table);
    if (ledger === undefined) throw new Error(`${table} is not one of the practice's tables`);
    return ledger;
  }
}
