/** What a namespace counts as once it has a file: the empty tables in it, in bytes. */
export const FILE_ROOM: number = 32 * 1024;

// Files have the sum of what their entries count as, by these numbers. With other ones it has to be counted again: by a step
// to the next version of a file, since those that took the step before do not take it again.

/** What an entry counts as beside its bytes. */
const ENTRY_BYTES = 128;
/** Up to here an entry stands among others on a page; beyond it has pages of its own. */
const ON_PAGE_BYTES = 1_000;
/** A page of a namespace's file, as SQLite makes them. */
export const PAGE_BYTES = 4_096;

/** What an entry counts as, in bytes. @param bytes of key, value and metadata together */
export function roomOf(bytes: number): number {
  return ENTRY_BYTES + (bytes <= ON_PAGE_BYTES ? bytes : Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES);
}

const BYTES = "length(key) + size + coalesce(length(meta), 0)";

/** The same over all entries of a namespace's file, in SQL. */
export const ROOM_OF_ALL: string = `
SELECT coalesce(sum(${ENTRY_BYTES} + CASE WHEN bytes <= ${ON_PAGE_BYTES} THEN bytes
  ELSE (bytes + ${PAGE_BYTES - 1}) / ${PAGE_BYTES} * ${PAGE_BYTES} END), 0) FROM (SELECT ${BYTES} AS bytes FROM kv)`;
