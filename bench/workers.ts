import { ballast } from "./ballast.ts";
import type { UploadModule, WorkerUpload } from "../src/index.ts";

/** A worker with one ES module. */
export function worker(name: string, source: string, more: Partial<WorkerUpload> = {}): WorkerUpload {
  const modules: UploadModule[] = [{ name: "index.js", type: "esm", content: source }];
  return { name, main: "index.js", modules, ...more };
}

/** The smallest worker that answers. */
export const HELLO = `export default { fetch() { return new Response("hello"); } };\n`;

/** A worker of about this size with one export and many functions, most of them never called, as bundles are. */
export function padded(sizeBytes: number): string {
  return ballast(sizeBytes) + HELLO;
}

/** Reads and writes KV as its path says. */
export const KV = `export default { async fetch(request, env) {
  const key = "key";
  if (request.method === "PUT") { await env.DATA.put(key, "value"); return new Response("put"); }
  return new Response(await env.DATA.get(key));
} };\n`;
