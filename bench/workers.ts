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
  const parts: string[] = [];
  for (let sum = 0, i = 0; sum < sizeBytes; i++) {
    const part = `function part${i}(a, b) { const x = { a, b, n: ${i} }; return x.n > 3 ? [x.a, x.b].join("-") : String(x.n); }\n`;
    parts.push(part);
    sum += part.length;
  }
  return parts.join("") + HELLO;
}

/** Reads and writes KV as its path says. */
export const KV = `export default { async fetch(request, env) {
  const key = "key";
  if (request.method === "PUT") { await env.DATA.put(key, "value"); return new Response("put"); }
  return new Response(await env.DATA.get(key));
} };\n`;
