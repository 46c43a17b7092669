/** V8's own object, taken before any code of the worker runs; it becomes the worker's when that asks for it. */
export const nativeIntl = (globalThis as unknown as { Intl: typeof Intl }).Intl;
