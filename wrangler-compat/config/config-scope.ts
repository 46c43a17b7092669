import type { ConfigProblem } from "../../src/config/document/config-error.ts";
import { type ConfigReader, name, type Section } from "../../src/config/document/config-reader.ts";
import { KEY_OF } from "./keys/config-keys.ts";

/**
 * The keys that hold for one environment, or for the top level: an environment has its own keys, and those of the top
 * level that are inherited.
 */
export class ConfigScope {
  readonly reader: ConfigReader;
  /** Name of the environment; undefined for the top level. */
  readonly env: string | undefined;
  /** What stops nothing, but should be known. */
  readonly warnings: ConfigProblem[] = [];
  readonly #own: Section;

  /** @param own The environment's table; the top level's where no environment is asked for, or the config has none. */
  constructor(reader: ConfigReader, env: string | undefined, own: Section = reader.root) {
    this.reader = reader;
    this.env = env;
    this.#own = own;
  }

  /** The table that decides about a key: the environment's, the top level's, or one without it. */
  of(key: string): Section {
    if (Object.hasOwn(this.#own.value, key) || this.#own === this.reader.root) return this.#own;
    const isInherited = KEY_OF.get(key)?.scope !== "own";
    return isInherited ? this.reader.root : { path: this.#own.path, value: {} };
  }

  has(key: string): boolean {
    return Object.hasOwn(this.of(key).value, key);
  }

  /** The environment's own table; undefined for the top level. */
  get environment(): Section | undefined {
    return this.#own === this.reader.root ? undefined : this.#own;
  }

  /** Tells of something that stops nothing. */
  warn(path: readonly (string | number)[], message: string): void {
    this.warnings.push(this.reader.at(path, message));
  }

  /** Warns of keys in a table that is looked into which wrangler does not have. */
  warnUnknown(section: Section, known: readonly string[]): void {
    this.warnings.push(...this.reader.unknownKeys(section, known));
  }

  /** Warns of a key that changes nothing. */
  warnIgnored(section: Section, key: string, reason: string): void {
    if (!Object.hasOwn(section.value, key)) return;
    const path = [...section.path, key];
    this.warn(path, `${name(path)} is ignored: ${reason}`);
  }
}
