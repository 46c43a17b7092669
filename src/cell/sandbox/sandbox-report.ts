/** What can stand around a cell, from the strongest to what is left. */
export type LayerName =
  | "files"
  | "network"
  | "processes"
  | "user"
  | "privileges"
  | "limits"
  | "permissions"
  | "environment"
  | "oom"
  | "cgroup"
  | "syscalls";

/** One layer of the sandbox, as a process inside found it. */
export interface SandboxLayer {
  readonly name: LayerName;
  /** Whether `"require"` insists on it. */
  readonly essential: boolean;
  readonly applied: boolean;
  /** What it does, in a few words. */
  readonly about: string;
  /** Where it is not applied: why. Where it is: how. */
  readonly detail: string;
  /** Where it is not applied: what would bring it. */
  readonly remedy?: string;
}

/** What the sandbox of a host's cells is made of. */
export interface SandboxReport {
  readonly mode: SandboxMode;
  readonly layers: readonly SandboxLayer[];
}

/** `auto` applies what the machine offers, `require` refuses to start without the essential layers. */
export type SandboxMode = "auto" | "off" | "require";

/** The layers that are not applied, essential ones first. */
export function missingLayers({ layers }: SandboxReport): readonly SandboxLayer[] {
  return layers
    .filter(({ applied }) => !applied)
    .toSorted((a, b) => Number(b.essential) - Number(a.essential));
}
