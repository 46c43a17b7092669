import { Cron } from "croner";
import { SkerryError } from "../../errors/skerry-error.ts";

const MINUTE_MS = 60_000;
/** Each minute of the hour by its number fits. */
const MAX_CHARS = 200;

/** A cron expression that means nothing. */
export class InvalidCron extends SkerryError {
  constructor(expression: string, problem: string) {
    super(
      "INVALID_CRON",
      `cron trigger ${JSON.stringify(expression.slice(0, 100))}: ${problem}; it must have five fields (minute, hour, day of month, month, day of week), such as "*/5 * * * *"`,
    );
  }
}

/** When a cron trigger fires. */
export interface CronExpression {
  /** As it was written. */
  readonly text: string;
  /** The first time at or after one that it fires, in ms since the epoch; null if there is none. */
  next(fromMs: number): number | null;
}

/**
 * Reads a cron expression as Cloudflare writes them: five fields in UTC, days of the week from 1 (Sunday) to 7
 * (Saturday) or by name, `L`, `W` and `#`. Where both days are given, either of them is enough.
 *
 * @throws InvalidCron
 * @see https://developers.cloudflare.com/workers/configuration/cron-triggers/
 * @example
 * parseCron("30 9 * * MON-FRI").next(Date.UTC(2026, 10, 28)); // 30 November 2026, 9:30, a Monday
 */
export function parseCron(text: string): CronExpression {
  if (text.length > MAX_CHARS) throw new InvalidCron(text, `it has more than ${MAX_CHARS} characters`);
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 5) throw new InvalidCron(text, `it has ${fields.length} fields`);
  const days = fields[4]!.split(",").map((day) => fromSunday(text, day));
  const pattern = [...fields.slice(0, 4), days.join(",")].join(" ");
  const cron = read(text, pattern);
  if (cron.nextRun() === null) throw new InvalidCron(text, "there is no such day");
  return { text, next: (fromMs) => cron.nextRun(new Date(fromMs - 1))?.getTime() ?? null };
}

/** The minute that a time lies in. */
export function minuteOf(timeMs: number): number {
  return Math.floor(timeMs / MINUTE_MS) * MINUTE_MS;
}

function read(text: string, pattern: string): Cron {
  try {
    return new Cron(pattern, { timezone: "UTC", mode: "5-part", paused: true });
  } catch (error) {
    const problem =
      error instanceof Error
        ? error.message.replace(/^CronPattern: /, "").slice(0, 200)
        : "it cannot be read";
    throw new InvalidCron(text, problem);
  }
}

/** One entry of the days of the week, counted from Sunday as 0 instead of 1. */
function fromSunday(text: string, day: string): string {
  const [range = "", step] = day.split("/", 2);
  if (range.toUpperCase() === "L") return "6";
  const moved = range
    .split("-")
    .map((end) => {
      const match = /^(\d+)((?:#\d)|L)?$/i.exec(end);
      if (match === null) return end;
      const number = Number(match[1]);
      if (number < 1 || number > 7)
        throw new InvalidCron(text, `day of week ${number} is not one of 1 (Sunday) to 7 (Saturday)`);
      return `${number - 1}${match[2] ?? ""}`;
    })
    .join("-");
  return step === undefined ? moved : `${moved}/${step}`;
}
