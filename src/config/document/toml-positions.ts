import type { Position } from "./config-document.ts";

type Path = readonly (string | number)[];

/**
 * Finds where the keys of a valid TOML document stand, since its parser does not say: keys, tables, and elements of
 * arrays, wherever they are. A key that several lines make stands where the first of them is.
 */
export function tomlPositions(text: string): (path: Path) => Position | undefined {
  const offsets = new Scanner(text).offsets();
  return (path) => {
    const offset = offsets.get(keyOf(path));
    if (offset === undefined) return undefined;
    const before = text.slice(0, offset);
    return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
  };
}

function keyOf(path: Path): string {
  return JSON.stringify(path.map(String));
}

class Scanner {
  readonly #text: string;
  readonly #offsets = new Map<string, number>();
  /** How many elements the arrays of tables have so far. */
  readonly #counts = new Map<string, number>();
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  offsets(): ReadonlyMap<string, number> {
    let table: Path = [];
    for (this.#skip(); this.#at < this.#text.length; this.#skip()) {
      const start = this.#at;
      if (this.#takes("[[")) table = this.#header(start, true);
      else if (this.#takes("[")) table = this.#header(start, false);
      else this.#pair(table);
    }
    return this.#offsets;
  }

  #header(start: number, isElement: boolean): Path {
    const names = this.#names();
    let path: Path = [];
    for (const [index, name] of names.entries()) {
      path = [...path, name];
      this.#note(path, start);
      const isLast = index === names.length - 1;
      if (isLast && isElement) this.#counts.set(keyOf(path), (this.#counts.get(keyOf(path)) ?? 0) + 1);
      const count = this.#counts.get(keyOf(path));
      // What follows an array of tables belongs to its last element.
      if (count !== undefined && (isElement || !isLast)) path = [...path, count - 1];
      this.#note(path, start);
    }
    this.#takes(isElement ? "]]" : "]");
    return path;
  }

  #pair(table: Path): void {
    const start = this.#at;
    let path = table;
    for (const name of this.#names()) {
      path = [...path, name];
      this.#note(path, start);
    }
    this.#takes("=");
    this.#skip();
    this.#value(path);
    // A document that no parser would take must not hold the scanner up.
    if (this.#at === start) this.#at++;
  }

  #value(path: Path): void {
    if (this.#takes("[")) {
      for (let index = 0; this.#goesOn("]"); index++) {
        this.#note([...path, index], this.#at);
        this.#value([...path, index]);
      }
    } else if (this.#takes("{")) {
      while (this.#goesOn("}")) this.#pair(path);
    } else if (!this.#quoted()) {
      this.#pass(/[^\s,\]}#]+(?: \d[^\s,\]}#]*)?/y);
    }
  }

  /** Whether another element follows, with commas skipped; the closing bracket is taken. */
  #goesOn(close: string): boolean {
    do this.#skip();
    while (this.#takes(","));
    return this.#at < this.#text.length && !this.#takes(close);
  }

  /** Passes a text of any kind. */
  #quoted(): boolean {
    return (
      this.#pass(/"""(?:\\[^]|[^\\])*?"""(?:"{0,2})/y) ||
      this.#pass(/'''[^]*?'''(?:'{0,2})/y) ||
      this.#pass(/"(?:\\.|[^"\\\n])*"/y) ||
      this.#pass(/'[^'\n]*'/y)
    );
  }

  /** The parts of a key with dots. */
  #names(): string[] {
    const names: string[] = [];
    do {
      this.#skip();
      const start = this.#at;
      if (!this.#quoted()) this.#pass(/[\w-]+/y);
      const name = this.#text.slice(start, this.#at);
      names.push(/^["']/.test(name) ? unquote(name) : name);
      this.#skip();
    } while (this.#takes("."));
    return names;
  }

  /** Skips space, line ends and comments. */
  #skip(): void {
    this.#pass(/(?:\s|#[^\n]*)+/y);
  }

  #takes(token: string): boolean {
    const found = this.#text.startsWith(token, this.#at);
    if (found) this.#at += token.length;
    return found;
  }

  #pass(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const found = pattern.test(this.#text);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }

  #note(path: Path, offset: number): void {
    if (!this.#offsets.has(keyOf(path))) this.#offsets.set(keyOf(path), offset);
  }
}

function unquote(name: string): string {
  if (name.startsWith("'")) return name.slice(1, -1);
  try {
    return String(JSON.parse(name));
  } catch {
    return name.slice(1, -1);
  }
}
