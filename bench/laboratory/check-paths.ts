import { existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type LabRecord, readRecords } from "./records.ts";

/** Files that a call names, as on the command line; null where it names none. */
export interface LabPaths {
  readonly jsonPath: string | null;
  readonly htmlPath: string | null;
  readonly comparePath: string | null;
  readonly fromPath: string | null;
}

/**
 * Looks at the files that a run reads and writes before anything is measured: hours later would be late.
 *
 * @returns the lines of the run to compare with; null for none.
 * @throws RangeError naming the option, its value and what would be right.
 */
export async function checkPaths({
  jsonPath,
  htmlPath,
  comparePath,
  fromPath,
}: LabPaths): Promise<LabRecord[] | null> {
  if (jsonPath !== null && fromPath === null && existsSync(jsonPath))
    throw wrong("--json", jsonPath, "there is such a file, and what was measured before is not written over");
  if (htmlPath !== null && !isFolder(dirname(resolve(htmlPath))))
    throw wrong("--html", htmlPath, "there is no such folder to write it to");
  if (htmlPath !== null && isFolder(htmlPath))
    throw wrong("--html", htmlPath, "that is a folder; it must be a file");
  if (fromPath !== null) await readRun("--from", fromPath);
  return comparePath === null ? null : await readRun("--compare", comparePath);
}

/** @throws RangeError where there is no run in the file. */
export async function readRun(option: string, path: string): Promise<LabRecord[]> {
  if (!existsSync(path)) throw wrong(option, path, "there is no such file");
  if (isFolder(path)) throw wrong(option, path, "that is a folder; it must be the file of a run");
  try {
    const records = await readRecords(path);
    if (records[0]?.type !== "run") throw new Error('its first line has no "type": "run"');
    return records;
  } catch (error) {
    throw wrong(option, path, error instanceof Error ? error.message : String(error));
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function wrong(option: string, path: string, why: string): RangeError {
  return new RangeError(`${option} is ${JSON.stringify(path)}; ${why}`);
}
