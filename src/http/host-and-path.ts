/**
 * Cuts host and path out of an absolute http(s) URL without parsing the rest of it.
 * @returns `path` without the query, at least "/".
 */
export function hostAndPath(url: string): { host: string; path: string } {
  const hostStart = url.indexOf("//") + 2;
  let hostEnd = hostStart;
  while (hostEnd < url.length && !isDelimiter(url.charCodeAt(hostEnd))) hostEnd++;
  let pathEnd = hostEnd;
  while (pathEnd < url.length && url[pathEnd] !== "?" && url[pathEnd] !== "#") pathEnd++;
  const authority = url.slice(hostStart, hostEnd);
  return { host: authority.slice(authority.lastIndexOf("@") + 1), path: url.slice(hostEnd, pathEnd) || "/" };
}

function isDelimiter(code: number): boolean {
  return code === 0x2f || code === 0x3f || code === 0x23;
}
