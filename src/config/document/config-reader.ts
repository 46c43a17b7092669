import { nearest } from "../../errors/nearest.ts";
import type { ConfigDocument } from "./config-document.ts";
import { ConfigError, type ConfigProblem } from "./config-error.ts";

/** A table of a config file, with the keys that lead to it. */
export interface Section {
  readonly path: readonly (string | number)[];
  readonly value: Readonly<Record<string, unknown>>;
}

/**
 * Reads typed values out of a config document. A value that is not allowed becomes a problem and
 * reads as undefined, so that one run finds everything; {@link ConfigReader.finish} then throws.
 */
export class ConfigReader {
  readonly root: Section;
  readonly #document: ConfigDocument;
  readonly #problems: ConfigProblem[] = [];

  constructor(document: ConfigDocument) {
    this.#document = document;
    this.root = { path: [], value: document.value };
  }

  /** What was wrong so far. */
  get problems(): readonly ConfigProblem[] {
    return this.#problems;
  }

  /** @throws ConfigError if anything was wrong, with all of it in the order of the file. */
  finish(): void {
    if (this.#problems.length === 0) return;
    const inOrder = this.#problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
    throw new ConfigError(this.#document.file, inOrder);
  }

  /** Notes that the key at `path` is wrong, once. The message names the key itself. */
  problem(path: readonly (string | number)[], message: string): void {
    const problem = this.at(path, message);
    const isKnown = this.#problems.some(
      (other) => other.message === message && other.line === problem.line && other.column === problem.column,
    );
    if (!isKnown) this.#problems.push(problem);
  }

  /** A problem with its place, without noting it. */
  at(path: readonly (string | number)[], message: string): ConfigProblem {
    let place = this.#document.positionOf(path);
    for (let length = path.length - 1; !place && length > 0; length--) {
      place = this.#document.positionOf(path.slice(0, length));
    }
    return { path, message, line: place?.line, column: place?.column };
  }

  /** Reads a value by a check that says what is allowed. */
  read<T>(
    section: Section,
    key: string,
    allowed: string,
    accept: (value: unknown) => value is T,
  ): T | undefined {
    const value = own(section, key);
    if (value === undefined || accept(value)) return value;
    const path = [...section.path, key];
    this.problem(path, `${name(path)} is ${show(value)}; it must be ${allowed}`);
    return undefined;
  }

  /**
   * Whether a key is there. Where it must be and is not, that is a problem.
   * @param allowed What it would have to be.
   */
  mustHave(section: Section, key: string, allowed?: string): boolean {
    const isThere = Object.hasOwn(section.value, key);
    const hint = allowed === undefined ? "" : `; it must be ${allowed}`;
    if (!isThere) this.problem(section.path, `${name(section.path)} has no "${key}"${hint}`);
    return isThere;
  }

  string(section: Section, key: string, allowed = "a text", pattern: RegExp = /^/): string | undefined {
    return this.read(section, key, allowed, (value): value is string => {
      return typeof value === "string" && pattern.test(value);
    });
  }

  integer(section: Section, key: string, min: number, max: number): number | undefined {
    return this.read(
      section,
      key,
      `a whole number from ${min} to ${max}`,
      (value): value is number => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
    );
  }

  number(section: Section, key: string, min: number, max: number): number | undefined {
    return this.read(
      section,
      key,
      `a number from ${min} to ${max}`,
      (value): value is number => typeof value === "number" && value >= min && value <= max,
    );
  }

  boolean(section: Section, key: string): boolean | undefined {
    return this.read(section, key, "true or false", (value) => typeof value === "boolean");
  }

  oneOf<const T extends string>(section: Section, key: string, values: readonly T[]): T | undefined {
    const allowed = values.map((value) => JSON.stringify(value)).join(" or ");
    return this.read(section, key, allowed, (value): value is T => values.includes(value as T));
  }

  strings(section: Section, key: string, allowed = "a list of texts"): readonly string[] | undefined {
    return this.read(
      section,
      key,
      allowed,
      (value): value is string[] => Array.isArray(value) && value.every((item) => typeof item === "string"),
    );
  }

  hostname(section: Section, key: string): string | undefined {
    return this.string(section, key, 'an address such as "127.0.0.1" or "0.0.0.0"', /^[\w.:-]+$/);
  }

  /** Addresses or CIDR ranges. */
  ranges(section: Section, key: string): readonly string[] | undefined {
    const allowed = 'a list of addresses or CIDR ranges, such as ["10.1.0.0/16", "::1"]';
    const ranges = this.strings(section, key, allowed);
    for (const [index, range] of (ranges ?? []).entries()) {
      if (/^[\da-f.:]+(\/\d{1,3})?$/i.test(range)) continue;
      const path = [...section.path, key, index];
      this.problem(path, `${name(path)} is ${show(range)}; it must be ${allowed}`);
    }
    return ranges;
  }

  table(section: Section, key: string): Section | undefined {
    const value = this.read(section, key, "a table (object)", isTable);
    return value && { path: [...section.path, key], value };
  }

  tables(section: Section, key: string): readonly Section[] {
    const isList = (value: unknown): value is unknown[] => Array.isArray(value);
    const list = this.read(section, key, "a list of tables", isList) ?? [];
    return list.flatMap((value, index): Section[] => {
      const path = [...section.path, key, index];
      if (isTable(value)) return [{ path, value }];
      this.problem(path, `${name(path)} is ${show(value)}; it must be a table`);
      return [];
    });
  }

  /** The keys of a section that are none of `known`, each as a problem that is not noted. */
  unknownKeys(section: Section, known: readonly string[]): readonly ConfigProblem[] {
    return Object.keys(section.value)
      .filter((key) => !known.includes(key))
      .map((key) => {
        const path = [...section.path, key];
        const near = nearest(key, known);
        const hint = near ? `did you mean "${near}"?` : `the keys here are ${known.join(", ")}`;
        return this.at(path, `${name(path)} is no key that Skerry knows; ${hint}`);
      });
  }

  /** Notes every key of a section that is none of `known`. */
  only(section: Section, known: readonly string[]): void {
    this.#problems.push(...this.unknownKeys(section, known));
  }
}

/** A path as messages name it: `"accounts.acme.limits"`, `"kv_namespaces[0].binding"`. */
export function name(path: readonly (string | number)[]): string {
  const text = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`)).join("");
  return `"${text.replace(/^\./, "")}"`;
}

/** A value as messages show it, cut where it is long. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** Whether a value is a table: an object that is no list and no date of TOML. */
export function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function own(section: Section, key: string): unknown {
  return Object.hasOwn(section.value, key) ? section.value[key] : undefined;
}
