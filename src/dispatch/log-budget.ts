import type { LogLevel } from "../../runtime-api/contract/out.ts";
import type { Limits } from "../limits/limits.ts";

/** Lets through as many log lines and bytes as an event may have, then says once that the rest is dropped. */
export class LogBudget {
  readonly #write: (level: LogLevel, text: string) => void;
  readonly #limits: Pick<Limits, "logLines" | "logBytes">;
  #lines = 0;
  #bytes = 0;
  #said = false;

  constructor(limits: Pick<Limits, "logLines" | "logBytes">, write: (level: LogLevel, text: string) => void) {
    this.#limits = limits;
    this.#write = write;
    this.refresh();
  }

  write(level: LogLevel, text: string): void {
    if (this.take(text)) this.#write(level, text);
  }

  /** Whether a line may be written; it counts as written then. Where not, that is said. */
  take(text: string): boolean {
    const sizeBytes = Buffer.byteLength(text);
    if (this.#lines > 0 && this.#bytes >= sizeBytes) {
      this.#lines--;
      this.#bytes -= sizeBytes;
      return true;
    }
    if (this.#said) return false;
    this.#said = true;
    this.#write("warn", "Log limit of this event exceeded: the lines that follow are dropped");
    return false;
  }

  /** From now on as much may be written as at the beginning. */
  refresh(): void {
    this.#lines = this.#limits.logLines;
    this.#bytes = this.#limits.logBytes;
    this.#said = false;
  }

  /** Writes whatever the budget: for what the host itself has to say of the event. */
  force(level: LogLevel, text: string): void {
    this.#write(level, text);
  }
}
