import { randomBytes } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SkerryError } from "../../errors/skerry-error.ts";

/** How to reach the control API of a running host. */
export interface ControlAccess {
  /** From the host's own machine. */
  readonly url: string;
  readonly token: string;
  /** Where others reach the control APIs, without a slash at its end. @default `url` */
  readonly publicUrl?: string;
  /** Names of workers are put before it. @default "localhost" */
  readonly workersDomain?: string;
}

/** No host can be reached through a data folder. */
export class NoRunningHost extends SkerryError {
  constructor(message: string) {
    super("NO_RUNNING_HOST", message);
  }
}

/** A fresh secret for a control API. */
export function newControlToken(): string {
  return randomBytes(32).toString("base64url");
}

/** Leaves the way to a host in its data folder, readable by the folder's owner only. */
export function writeControlAccess(dataFolder: string, access: ControlAccess): void {
  // Removed first: the mode of a file that is there already would stay.
  removeControlAccess(dataFolder);
  writeFileSync(accessFile(dataFolder), `${JSON.stringify(access)}\n`, { mode: 0o600 });
}

/** @throws NoRunningHost if no host has left its way there. */
export function readControlAccess(dataFolder: string): ControlAccess {
  try {
    return JSON.parse(readFileSync(accessFile(dataFolder), "utf8")) as ControlAccess;
  } catch {
    throw new NoRunningHost(
      `no host is running on the data folder ${dataFolder}; start one with "skerry serve --data ${dataFolder}", or name another folder with --data`,
    );
  }
}

export function removeControlAccess(dataFolder: string): void {
  rmSync(accessFile(dataFolder), { force: true });
}

function accessFile(dataFolder: string): string {
  return join(dataFolder, "control.json");
}
