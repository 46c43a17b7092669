/** Limits of Workers KV. Sizes are of UTF-8. */
export const KEY_BYTES = 512;
export const VALUE_BYTES: number = 25 * 1024 ** 2;
export const METADATA_BYTES = 1_024;
export const MIN_TTL_S = 60;
export const MIN_CACHE_TTL_S = 30;
export const LIST_KEYS = 1_000;
export const MANY_KEYS = 100;
/** All values of one `getMany` together. */
export const MANY_BYTES: number = 25 * 1024 ** 2;
