/**
 * How plain data travels between a worker and a plug-in of the host: as one JSON text and parts. A part is a byte array.
 * An object with the single key {@link PART_KEY} stands for one: `[index]` for its bytes, `[index, 1]` for the text whose
 * UTF-8 it is. No other key begins with a NUL character.
 */
export const PART_KEY = "\0";
/** Text that is longer travels as a part, in UTF-16 units. */
export const PART_TEXT_UNITS: number = 4 * 1024;
/** Longest JSON text, in UTF-16 units. */
export const PLAIN_JSON_UNITS: number = 256 * 1024;
/** Bytes of all parts of one call or answer. */
export const PLAIN_PARTS_BYTES: number = 25 * 1024 * 1024;
/** Parts of one call or answer. */
export const PLAIN_PARTS: number = 1_000;
/** How deep values may be nested. */
export const PLAIN_DEPTH: number = 64;
/** Values of one call or answer, those within others counted. */
export const PLAIN_VALUES: number = 50_000;
