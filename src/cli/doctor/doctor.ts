import { styleText } from "node:util";
import { CommanderError } from "commander";
import { loadHostConfig } from "../../config/load-host-config.ts";
import { checkDataFolder } from "./check-data-folder.ts";
import { checkMachine } from "./check-machine.ts";
import { checkNode } from "./check-node.ts";
import { checkPort } from "./check-port.ts";
import { checkSandbox } from "./check-sandbox.ts";
import { fail, type Finding } from "./finding.ts";
import type { SandboxMode } from "../../cell/sandbox/sandbox-report.ts";

/** What `skerry doctor` can be told: what `skerry serve` would be. */
export interface DoctorOptions {
  readonly config?: string;
  readonly data?: string;
  readonly port?: number;
  readonly host?: string;
  readonly sandbox?: SandboxMode;
  readonly json?: boolean;
}

interface Section {
  readonly title: string;
  readonly findings: readonly Finding[];
}

/**
 * Prints what this machine has of what a host needs.
 *
 * @throws CommanderError with exit code 1, where `skerry serve` would fail
 */
export async function doctor(options: DoctorOptions): Promise<void> {
  const config = loadHostConfig(process.cwd(), options.config);
  const settings = { ...config.host, ...(options.sandbox && { sandbox: options.sandbox }) };
  const hostname = options.host ?? config.hostname ?? "127.0.0.1";
  const data = dataFolderFindings(options.data ?? settings.dataFolder ?? ".skerry");
  const running = data.some(({ check, state }) => check === "lock" && state === "warn");
  const port = await checkPort("port", hostname, options.port ?? config.port ?? 8787, running);
  const control = await checkPort(
    "control port",
    config.controlHostname ?? "127.0.0.1",
    config.controlPort ?? 0,
    running,
  );
  const node = await checkNode();
  const { layers, findings } = await checkSandbox(settings);
  const sections: Section[] = [
    { title: "Node", findings: node },
    { title: "Machine", findings: checkMachine() },
    { title: "Host", findings: [...data, port, control] },
    { title: "Sandbox of process cells", findings },
  ];
  const all = sections.flatMap((section) => section.findings);
  const fit = all.every(({ state }) => state !== "fail");
  if (options.json)
    process.stdout.write(`${JSON.stringify({ fit, checks: all, sandbox: layers }, null, 2)}\n`);
  else print(sections, fit);
  if (!fit) throw new CommanderError(1, "skerry.doctor", "");
}

function dataFolderFindings(folder: string): Finding[] {
  try {
    return checkDataFolder(folder);
  } catch (error) {
    return [fail("data folder", (error as Error).message, "look at the folder")];
  }
}

const COLORS = { ok: "green", warn: "yellow", fail: "red" } as const;

function print(sections: readonly Section[], fit: boolean): void {
  for (const { title, findings } of sections) {
    process.stdout.write(`${title}\n`);
    for (const { check, state, detail, remedy } of findings) {
      const label = styleText(COLORS[state], state.padEnd(5), { stream: process.stdout });
      const more = remedy === undefined || remedy === "" ? "" : `\n${" ".repeat(23)}-> ${remedy}`;
      process.stdout.write(`  ${label} ${check.padEnd(14)} ${detail}${more}\n`);
    }
  }
  process.stdout.write(fit ? "skerry serve can start here\n" : "skerry serve cannot start here\n");
}
