import { type Isolation, ISOLATIONS } from "../limits/isolation.ts";
import type { ConfigReader, Section } from "./document/config-reader.ts";

/** Reads `isolation`. In process it takes a flag that only the start of the process can set. */
export function readIsolation(reader: ConfigReader, section: Section): Isolation | undefined {
  const isolation = reader.oneOf(section, "isolation", ISOLATIONS);
  if (isolation !== "in-process" || hasFlag()) return isolation;
  reader.problem(
    [...section.path, "isolation"],
    '"isolation" is "in-process"; isolates in the host\'s own process need Node to be started with --no-node-snapshot',
  );
  return undefined;
}

function hasFlag(): boolean {
  const flags = [...process.execArgv, ...(process.env["NODE_OPTIONS"] ?? "").split(/\s+/)];
  return flags.includes("--no-node-snapshot");
}
