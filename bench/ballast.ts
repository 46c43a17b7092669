/** About so many bytes of functions that are never called, as most of a bundle is not for one request. */
export function ballast(sizeBytes: number): string {
  const parts: string[] = [];
  for (let sum = 0, i = 0; sum < sizeBytes; i++) {
    const part = `function part${i}(a, b) { const x = { a, b, n: ${i} }; return x.n > 3 ? [x.a, x.b].join("-") : String(x.n); }\n`;
    parts.push(part);
    sum += part.length;
  }
  return parts.join("");
}
