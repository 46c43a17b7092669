import type { LogLevel } from "../../runtime-api/contract/out.ts";
import type { Limits } from "../limits/limits.ts";

/** Lets through as many log lines and bytes as an event may have, then says once that the rest is dropped. */
export class LogBudget {
  readonly #write: (level: LogLevel, text: string) => void;
  #lines: number;
  #bytes: number;
  #said = false;

  constructor(limits: Pick<Limits, "logLines" | "logBytes">, write: (level: LogLevel, text: string) => void) {
    this.#lines = limits.logLines;
    this.#bytes = limits.logBytes;
    this.#write = write;
  }

  write(level: LogLevel, text: string): void {
    const sizeBytes = Buffer.byteLength(text);
    if (this.#lines > 0 && this.#bytes >= sizeBytes) {
      this.#lines--;
      this.#bytes -= sizeBytes;
      return this.#write(level, text);
    }
    if (this.#said) return;
    this.#said = true;
    this.#write("warn", "Log limit of this event exceeded: the lines that follow are dropped");
  }

  /** Writes whatever the budget: for what the host itself has to say of the event. */
  force(level: LogLevel, text: string): void {
    this.#write(level, text);
  }
}
