import { defaultCellMemoryMb } from "../../cell/cell-memory.ts";
import { openSandbox } from "../../cell/sandbox/sandbox.ts";
import type { SandboxLayer } from "../../cell/sandbox/sandbox-report.ts";
import { DEFAULT_PROCESS_CELLS } from "../../host-sandbox.ts";
import type { HostSettings } from "../../config/host-settings.ts";
import { fail, type Finding, ok, warn } from "./finding.ts";

/** The layers around cells, and what their state means for a host with these settings. */
export interface SandboxFindings {
  readonly layers: readonly SandboxLayer[];
  readonly findings: readonly Finding[];
}

/** Starts a process as a cell is started, and tells of each layer whether it holds. */
export async function checkSandbox({
  cell,
  sandbox: mode = "auto",
  cells,
  cellMemoryMb,
}: HostSettings): Promise<SandboxFindings> {
  const advice = 'take "process" where workers are not trusted';
  if (cell === "in-process") {
    return { layers: [], findings: [warn("sandbox", "cells in process have none", advice)] };
  }
  const memoryMb = cellMemoryMb ?? defaultCellMemoryMb(cells ?? DEFAULT_PROCESS_CELLS);
  try {
    const sandbox = await openSandbox({ mode: "auto", memoryMb });
    const { layers } = sandbox.report;
    sandbox.close();
    return {
      layers,
      findings: [...(mode === "off" ? [off()] : []), ...layers.map((layer) => told(layer, mode))],
    };
  } catch (error) {
    const remedy = 'a fault of Skerry or of its installation; "sandbox": "off" starts cells without';
    return { layers: [], findings: [fail("sandbox", (error as Error).message, remedy)] };
  }
}

function off(): Finding {
  return warn(
    "sandbox",
    'it is switched off ("sandbox": "off"); what follows could be',
    'take "auto" or "require"',
  );
}

function told(layer: SandboxLayer, mode: "auto" | "off" | "require"): Finding {
  const { name, applied, about, detail, remedy = "", essential } = layer;
  if (applied) return ok(name, `${about} (${detail})`);
  const text = `missing: "${about}": ${detail}`;
  return essential && mode === "require" ? fail(name, text, remedy) : warn(name, text, remedy);
}
