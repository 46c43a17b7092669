const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * The time that people write as a date of ISO 8601, or as an age: seconds, minutes, hours or days before now.
 * @returns ms since the epoch; null for any other text
 */
export function readTime(text: string, nowMs: number): number | null {
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  if (count !== undefined) return Math.max(0, nowMs - Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS]);
  if (!/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)?)?$/.test(text)) return null;
  const atMs = Date.parse(text);
  return atMs >= 0 && isAsWritten(text, atMs) ? atMs : null;
}

/** Whether a date, and its hour and minute, come out as they were written: 31 February comes out as 3 March. */
function isAsWritten(text: string, atMs: number): boolean {
  const isDate = !text.includes("T");
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(text) ?? [];
  let offsetMinutes = 0;
  if (sign !== undefined) offsetMinutes = (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  // Of this machine's zone, in which there may be an hour less on that day.
  else if (!isDate && !text.endsWith("Z")) offsetMinutes = -new Date(atMs).getTimezoneOffset();
  const shown = new Date(atMs + offsetMinutes * UNIT_MS.m).toISOString();
  return text.startsWith(shown.slice(0, isDate ? "2026-05-01".length : "2026-05-01T12:00".length));
}
