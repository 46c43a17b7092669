import { internalError } from "./report-internal.ts";

/**
 * Reports promises that failed while nobody waited for them, where Node would end the process: such a fault is one of
 * Skerry's own, but it belongs to one event, and a host has the events of others under way.
 */
export function reportRejections(report: (text: string) => void): void {
  process.on("unhandledRejection", (reason) => {
    const text = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
    report(`${internalError(text)}\n`);
  });
}
