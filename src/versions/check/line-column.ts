/** Line and column, both from 1, of an offset in a text, with V8's idea of a line. */
export function lineColumn(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (const { index, 0: end } of text.slice(0, offset).matchAll(/\r\n|[\n\r\u2028\u2029]/g)) {
    line += 1;
    start = index + end.length;
  }
  return { line, column: offset - start + 1 };
}
