import { basename, extname } from "node:path";

/** The name of a worker whose config has none: that of its folder or file. */
export function nameFromPath(path: string): string {
  const name = basename(path, extname(path))
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, "-");
  return (
    name
      .replaceAll(/^[^a-z0-9]+/g, "")
      .slice(0, 63)
      .replaceAll(/[^a-z0-9]+$/g, "") || "worker"
  );
}
