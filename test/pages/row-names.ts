/** The names that a row has in one text. */
export function namesOf(names: string): readonly string[] {
  return names.split(", ");
}

/** Names of code stand as such; those of a row that brings its own marks stay as they are. */
export function namesAsCode(names: string): string {
  if (/`|[A-Z]\w* /.test(names) || names === "Python") return names;
  return namesOf(names)
    .map((name) => `\`${name}\``)
    .join(", ");
}
