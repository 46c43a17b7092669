/** What a check found. `fail`: `skerry serve` cannot do with it; `warn`: it can, and somebody should know. */
export interface Finding {
  readonly check: string;
  readonly state: "ok" | "warn" | "fail";
  readonly detail: string;
  /** What to do about it. */
  readonly remedy?: string;
}

export function ok(check: string, detail: string): Finding {
  return { check, state: "ok", detail };
}

export function warn(check: string, detail: string, remedy: string): Finding {
  return { check, state: "warn", detail, remedy };
}

export function fail(check: string, detail: string, remedy: string): Finding {
  return { check, state: "fail", detail, remedy };
}
