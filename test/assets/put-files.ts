import { createHash } from "node:crypto";
import type { AssetFile, Host } from "../../src/index.ts";

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  txt: "text/plain; charset=utf-8",
  png: "image/png",
};

/** Puts contents of an account, each with the type of its ending, and gives the files that name them. */
export async function putFiles(
  host: Host,
  contents: Readonly<Record<string, string | Uint8Array>>,
  account = "default",
): Promise<Record<string, AssetFile>> {
  const files: Record<string, AssetFile> = {};
  for (const [path, content] of Object.entries(contents)) {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const ending = path.slice(path.lastIndexOf(".") + 1);
    const hash = createHash("sha256").update(bytes).update(ending).digest("hex").slice(0, 32);
    files[path] = { hash, sizeBytes: bytes.length };
    await host.control.assets.put(account, hash, bytes, TYPES[ending] ?? null);
  }
  return files;
}
