/** A place in a text; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A parsed config file, not yet checked. */
export interface ConfigDocument {
  /** Name of the file, as messages show it. */
  readonly file: string;
  readonly value: Readonly<Record<string, unknown>>;
  /** Where the key at `path` stands; undefined where that is not known. */
  positionOf(path: readonly (string | number)[]): Position | undefined;
}
