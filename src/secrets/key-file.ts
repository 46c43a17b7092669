import { closeSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { keyText, type MasterKey, parseKeys } from "./master-key.ts";
import { SecretsError } from "./secrets-error.ts";

const HEAD =
  "# Keys of the secrets in control.db. The first encrypts, all decrypt. Keep a copy apart from the data.\n";

/**
 * Reads the keys of a file.
 *
 * @returns none if it is not there
 * @throws SecretsError `INVALID_SECRETS_KEY` if it cannot be read, everybody may read it, or what stands in it is no key.
 */
export function readKeyFile(path: string): MasterKey[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
    if (process.platform !== "win32" && (statSync(path).mode & 0o007) !== 0)
      throw new SecretsError(
        "INVALID_SECRETS_KEY",
        `the key file ${path} is open to everybody; take their rights away: chmod 600 ${path}`,
      );
  } catch (error) {
    if (error instanceof SecretsError) throw error;
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new SecretsError(
      "INVALID_SECRETS_KEY",
      `the key file ${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? "it is none"}`,
    );
  }
  return parseKeys(text, path);
}

/** Writes keys to a file, all of it or nothing; only its owner may read it. @throws what the system throws */
export function writeKeyFile(path: string, keys: readonly MasterKey[]): void {
  const partial = `${path}.${process.pid}.new`;
  const file = openSync(partial, "w", 0o600);
  try {
    writeSync(file, HEAD + keys.map((key) => `${keyText(key)}\n`).join(""));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(partial, path);
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
