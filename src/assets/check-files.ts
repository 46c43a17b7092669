import type { AssetFiles } from "./worker-assets.ts";

/** Longest path of a file, in bytes of UTF-8. */
export const MAX_PATH_BYTES = 1_024;
const HASH = /^[0-9a-f]{32}$/;
/** Longer texts are cut in messages. */
const SHOWN_CHARS = 120;

/** What is wrong with the files of a version, one line each. */
export function fileProblems(
  files: unknown,
  { versionFiles, fileBytes }: { readonly versionFiles: number; readonly fileBytes: number },
): string[] {
  if (typeof files !== "object" || files === null || Array.isArray(files))
    return ["assets.files must be an object of files by path"];
  const paths = Object.keys(files);
  if (paths.length > versionFiles)
    return [`assets.files has ${paths.length} files; a version may have at most ${versionFiles}`];
  const problems: string[] = [];
  const sizes = new Map<string, number>();
  for (const path of paths) {
    const at = `assets.files[${show(path)}]`;
    const wrong = pathProblem(path);
    if (wrong !== null) problems.push(`${at}: ${wrong}`);
    const { hash, sizeBytes } = Object((files as AssetFiles)[path]) as { hash: unknown; sizeBytes: unknown };
    if (!isHash(hash)) {
      problems.push(`${at}.hash is ${show(hash)}; it must be 32 lower-case hex digits`);
    } else if (!isSize(sizeBytes, fileBytes)) {
      problems.push(`${at}.sizeBytes is ${show(sizeBytes)}; a file may have 0 to ${fileBytes} bytes`);
    } else if ((sizes.get(hash) ?? sizeBytes) !== sizeBytes) {
      problems.push(
        `${at}: its hash stands for a content of ${sizes.get(hash)} bytes too; one hash is one content`,
      );
    } else sizes.set(hash, sizeBytes);
  }
  return problems;
}

/** Whether something may name a content. */
export function isHash(value: unknown): value is string {
  return typeof value === "string" && HASH.test(value);
}

/** What is wrong with the path of a file; null if nothing is. */
function pathProblem(path: string): string | null {
  if (!path.startsWith("/")) return "a path must begin with /";
  if (path === "/" || path.endsWith("/")) return "a path must end in the name of a file";
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) return `a path may have at most ${MAX_PATH_BYTES} bytes`;
  if (!path.isWellFormed()) return "a path must be well-formed text";
  if (/[\x00-\x1f\x7f\\]/.test(path)) return "a path may hold no control characters and no backslashes";
  // Whoever stands in front of the host might decode a path before it is taken apart.
  if (/%(?:2f|5c|00)/i.test(path)) return "a path may hold no encoded slash, backslash or NUL";
  const segments = path.slice(1).split("/");
  if (segments.some((segment) => segment === "")) return "a path may hold no two slashes in a row";
  if (segments.some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment)))
    return 'a path may have no segments "." and ".."';
  return null;
}

function isSize(value: unknown, max: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= max;
}

function show(value: unknown): string {
  // An object may have a `toString` of its own, or none.
  if ((typeof value === "object" && value !== null) || typeof value === "function") return "an object";
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text;
}
