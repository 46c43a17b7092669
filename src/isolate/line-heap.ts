import type { AccountLine } from "./account-line.ts";

/** Lines of accounts that wait, the one that has had least first. */
export class LineHeap<T> {
  readonly #lines: AccountLine<T>[] = [];
  #pushed = 0;

  get size(): number {
    return this.#lines.length;
  }

  get first(): AccountLine<T> | undefined {
    return this.#lines[0];
  }

  has(line: AccountLine<T>): boolean {
    return line.place >= 0;
  }

  push(line: AccountLine<T>): void {
    line.order = ++this.#pushed;
    this.#lines.push(line);
    this.#up(line, this.#lines.length - 1);
  }

  /** The line has had more: it may have to stand further back. */
  sink(line: AccountLine<T>): void {
    if (line.place >= 0) this.#down(line, line.place);
  }

  shift(): AccountLine<T> | undefined {
    const first = this.#lines[0];
    if (first === undefined) return undefined;
    first.place = -1;
    const last = this.#lines.pop()!;
    if (last !== first) this.#down(last, 0);
    return first;
  }

  /** Takes a line out, wherever it stands. @returns whether it was there */
  remove(line: AccountLine<T>): boolean {
    const { place } = line;
    if (place < 0) return false;
    line.place = -1;
    const last = this.#lines.pop()!;
    if (last === line) return true;
    this.#up(last, place);
    this.#down(last, last.place);
    return true;
  }

  #up(line: AccountLine<T>, from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(line, this.#lines[parent]!)) break;
      this.#put(this.#lines[parent]!, at);
      at = parent;
    }
    this.#put(line, at);
  }

  #down(line: AccountLine<T>, from: number): void {
    const lines = this.#lines;
    let at = from;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= lines.length) break;
      if (child + 1 < lines.length && before(lines[child + 1]!, lines[child]!)) child++;
      if (!before(lines[child]!, line)) break;
      this.#put(lines[child]!, at);
      at = child;
    }
    this.#put(line, at);
  }

  #put(line: AccountLine<T>, at: number): void {
    this.#lines[at] = line;
    line.place = at;
  }
}

function before<T>(a: AccountLine<T>, b: AccountLine<T>): boolean {
  return a.virtualUs === b.virtualUs ? a.order < b.order : a.virtualUs < b.virtualUs;
}
