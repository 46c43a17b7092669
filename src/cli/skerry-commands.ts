import type { Command } from "commander";
import { auditCommand } from "./audit-command.ts";
import { benchCommand } from "./bench-command.ts";
import { deployCommand } from "./deploy-command.ts";
import { devCommand } from "./dev-command.ts";
import { doctorCommand } from "./doctor-command.ts";
import { quarantineCommand } from "./quarantine-command.ts";
import { storageCommand } from "./storage-command.ts";
import { secretCommand } from "./secret-command.ts";
import { serveCommand } from "./serve-command.ts";
import { tailCommand } from "./tail-command.ts";
import { tokenCommand } from "./token-command.ts";

/** All commands of the command line, in the order of its help. */
export function skerryCommands(): Command[] {
  return [
    devCommand(),
    serveCommand(),
    deployCommand(),
    secretCommand(),
    benchCommand(),
    tokenCommand(),
    auditCommand(),
    tailCommand(),
    doctorCommand(),
    quarantineCommand(),
    storageCommand(),
  ];
}
