/**
 * With whom a worker shares a process, from the laxest to the strictest: the host itself (`in-process`, for code that
 * the operator trusts), workers of other accounts (`shared`), or those of its own account only (`account`).
 */
export const ISOLATIONS = ["in-process", "shared", "account"] as const;
export type Isolation = (typeof ISOLATIONS)[number];

/** The stricter of two. */
export function stricter(a: Isolation, b: Isolation): Isolation {
  return ISOLATIONS.indexOf(a) > ISOLATIONS.indexOf(b) ? a : b;
}

/** Whether `wish` separates less than `required`. */
export function isLaxer(wish: Isolation, required: Isolation): boolean {
  return ISOLATIONS.indexOf(wish) < ISOLATIONS.indexOf(required);
}
