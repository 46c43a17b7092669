/** Scripts of the runtime's parts outside the image, by name. */
export type PartScripts = Readonly<Partial<Record<string, string>>>;

/** Answers `part`: the script of a part of the runtime, or null if there is none of that name. */
export function part(name: unknown, scripts: PartScripts): string | null {
  if (typeof name !== "string" || !Object.hasOwn(scripts, name)) return null;
  return scripts[name] ?? null;
}
