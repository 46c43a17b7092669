/** The path of a URL as files are named: each segment decoded where that can be, several slashes as one. */
export function decodePath(pathname: string): string {
  if (!pathname.includes("%") && !pathname.includes("//")) return pathname;
  return pathname.split("/").map(decodeSegment).join("/").replaceAll(/\/+/g, "/");
}

/** The one form of a path under which a file is served. */
export function encodePath(path: string): string {
  return path.split("/").map(encodeSegment).join("/");
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function encodeSegment(segment: string): string {
  try {
    return encodeURIComponent(segment);
  } catch {
    return segment;
  }
}
