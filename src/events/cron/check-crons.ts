import { InvalidCron, parseCron } from "./cron-expression.ts";

/** Cron triggers of one worker. */
export const MAX_CRONS = 100;

/** What is wrong with the cron triggers of a worker, one line each. */
export function cronProblems(crons: unknown): string[] {
  if (!Array.isArray(crons) || crons.some((cron) => typeof cron !== "string"))
    return [`crons is ${JSON.stringify(crons)?.slice(0, 80)}; it must be a list of cron expressions`];
  if (crons.length > MAX_CRONS)
    return [`crons has ${crons.length} entries; a worker may have at most ${MAX_CRONS}`];
  return (crons as string[]).flatMap((cron, index) => {
    try {
      parseCron(cron);
      return [];
    } catch (error) {
      if (error instanceof InvalidCron) return [`crons[${index}]: ${error.message}`];
      throw error;
    }
  });
}
