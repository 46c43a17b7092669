const { eval: native } = globalThis as { eval: (text: string) => unknown };

/** V8's own `eval`, called indirectly: a text runs as a sloppy script and gives its completion value. */
export const evaluate: (text: string) => unknown = native;
