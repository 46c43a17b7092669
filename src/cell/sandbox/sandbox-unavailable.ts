import { SkerryError } from "../../errors/skerry-error.ts";
import type { SandboxLayer } from "./sandbox-report.ts";

/** The sandbox is required, and the machine lacks a part of it. */
export class SandboxUnavailable extends SkerryError {
  readonly missing: readonly SandboxLayer[];

  constructor(missing: readonly SandboxLayer[]) {
    const lines = missing.map(({ name, detail, remedy = "" }) => `  ${name}: ${detail}; ${remedy}`);
    super("SANDBOX_UNAVAILABLE", `the sandbox of the cells is required, and lacks\n${lines.join("\n")}`);
    this.missing = missing;
  }
}
