import { isBindingName } from "./binding-name.ts";
import { InvalidUpload } from "./invalid-upload.ts";
import type { VersionConfig } from "./version-config.ts";

/** As on Cloudflare. */
export const MAX_SECRET_BYTES: number = 5 * 1024;
export const MAX_SECRETS: number = 128;

/** Notes what is wrong with changes of secrets, of which null takes one away. No message holds anything of a value. */
export function checkSecretChanges(
  problems: string[],
  changes: Readonly<Record<string, string | null>>,
): void {
  const entries = Object.entries(changes);
  const deletions = entries.filter(([, value]) => value === null);
  if (deletions.length > MAX_SECRETS)
    problems.push(`secrets has ${deletions.length} entries to delete; at most ${MAX_SECRETS} are allowed`);
  for (const [name] of deletions.slice(0, MAX_SECRETS)) checkName(problems, name);
  checkSecrets(problems, Object.fromEntries(entries.filter(([, value]) => value !== null)));
}

/** Notes what is wrong with secrets. No message holds anything of a value. */
export function checkSecrets(problems: string[], secrets: unknown): void {
  if (typeof secrets !== "object" || secrets === null || Array.isArray(secrets)) {
    problems.push("secrets must be an object of names and texts");
    return;
  }
  const entries = Object.entries(secrets);
  if (entries.length > MAX_SECRETS)
    problems.push(`secrets has ${entries.length} entries; at most ${MAX_SECRETS} are allowed`);
  for (const [name, value] of entries.slice(0, MAX_SECRETS)) {
    const field = fieldOf(name);
    checkName(problems, name);
    if (typeof value !== "string") problems.push(`${field} must be a text`);
    else if (Buffer.byteLength(value) > MAX_SECRET_BYTES)
      problems.push(
        `${field} has ${Buffer.byteLength(value)} bytes; a secret may have at most ${MAX_SECRET_BYTES}`,
      );
    else if (!value.isWellFormed()) problems.push(`${field} must be well-formed Unicode`);
  }
}

function checkName(problems: string[], name: string): void {
  if (!isBindingName(name))
    problems.push(`${fieldOf(name)} must be named by a JavaScript name of at most 128 characters`);
}

function fieldOf(name: string): string {
  return `secrets.${name.slice(0, 128)}`;
}

/**
 * Checks a version's secrets beside its other bindings: some may come from an earlier version.
 * @throws InvalidUpload
 */
export function checkInherited({ env }: VersionConfig, secrets: readonly { readonly name: string }[]): void {
  const problems: string[] = [];
  const taken = new Set(env.map(({ name }) => name));
  for (const { name } of secrets)
    if (taken.has(name))
      problems.push(
        `"${name}" is a secret of the worker and another binding as well; rename or delete one of them`,
      );
  if (secrets.length > MAX_SECRETS)
    problems.push(`the worker would have ${secrets.length} secrets; at most ${MAX_SECRETS} are allowed`);
  if (problems.length > 0) throw new InvalidUpload(problems);
}
