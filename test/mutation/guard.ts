/** One guard of the source, the text that turns it off, and the tests that have to notice. */
export interface Guard {
  /** What it stops, in a few words; unique. */
  readonly name: string;
  /** Where it stands, from the project's root. */
  readonly file: string;
  /** A text that stands in the file exactly once. */
  readonly find: string;
  /** What turns the guard off when it stands there instead. */
  readonly off: string;
  /** Words of test files, as `npm test` takes them: at least one of these files fails without the guard. */
  readonly tests: readonly string[];
  /** The kind of cell in which its tests run; both where it is left out. */
  readonly cell?: "in-process" | "process";
}
