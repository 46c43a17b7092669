import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT, run } from "./run.ts";

/**
 * Checks the package as its users get it: packs it, has the metadata and types judged, then installs
 * the tarball in a project of its own, type-checks code against it, README's too, serves a worker with it and measures one.
 * Expects `dist/` to be built.
 */
const CONSUMER = `
import { createHost, SkerryError, type Host, type HostOptions } from "skerry";

for (const cell of ["in-process", "process"] as const) {
  const options: HostOptions = { cell, limits: { cpuMs: 100 } };
  const host: Host = await createHost(options);
  try {
    const worker = await host.deploy({
      name: "hello",
      main: "index.js",
      modules: [{ name: "index.js", type: "esm", content: "export default { fetch: (request, env) => new Response(new Blob(['hello ', env.WHO]).stream()) }" }],
      vars: { WHO: "consumer" },
    });
    const response = await worker.fetch("http://hello.localhost/");
    const text = await response.text();
    if (response.status !== 200 || text !== "hello consumer") throw new Error(\`\${response.status} \${text}\`);
    const refused: unknown = await host
      .deploy({ name: "bad", main: "index.js", modules: [{ name: "index.js", type: "esm", content: "export default {" }] })
      .catch((error: unknown) => error);
    if (!(refused instanceof SkerryError)) throw new Error(\`a broken worker was not refused: \${String(refused)}\`);
    console.log("consumer, " + cell + " cell:", text);
  } finally {
    await host.close();
  }
}
`;

const WORKER = `export default { fetch: () => new Response("hello") };\n`;

const folder = mkdtempSync(join(tmpdir(), "skerry-package-"));
try {
  run("npm", ["pack", "--silent", "--pack-destination", folder]);
  const tarball = join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "");
  run("publint", ["run", tarball, "--strict"]);
  run("attw", [tarball, "--profile", "esm-only"]);

  const consumer = join(folder, "consumer");
  mkdirSync(consumer);
  const allowScripts = { "better-sqlite3": false, esbuild: false, "isolated-vm": false };
  writeFileSync(
    join(consumer, "package.json"),
    JSON.stringify({ name: "consumer", private: true, type: "module", allowScripts }),
  );
  writeFileSync(join(consumer, "index.ts"), CONSUMER);
  writeFileSync(join(consumer, "readme.ts"), readmeExample());
  const compilerOptions = {
    module: "nodenext",
    target: "es2025",
    strict: true,
    noEmit: true,
    types: ["node"],
    typeRoots: [join(ROOT, "node_modules/@types")],
  };
  writeFileSync(join(consumer, "tsconfig.json"), JSON.stringify({ compilerOptions }));
  // Who has no types of Node gets ours all the same.
  const bare = { compilerOptions: { ...compilerOptions, target: "esnext", types: [] } };
  writeFileSync(join(consumer, "tsconfig.bare.json"), JSON.stringify(bare));
  run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", tarball], consumer);
  run("tsc", ["-p", "."], consumer);
  run("tsc", ["-p", "tsconfig.bare.json"], consumer);
  run("node", ["--no-node-snapshot", "index.ts"], consumer);
  run("node", ["--no-node-snapshot", "readme.ts"], consumer);
  run("node_modules/.bin/skerry", ["--help"], consumer);
  writeFileSync(join(consumer, "worker.js"), WORKER);
  const least = ["--rounds", "1", "--cold", "1", "--load-ms", "10"];
  run("node_modules/.bin/skerry", ["bench", "worker.js", ...least], consumer);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** What README shows to those who embed Skerry, on a port that is free. */
function readmeExample(): string {
  const [, code] =
    /^## Embed it\n\n```js\n([^]*?)^```$/m.exec(readFileSync(join(ROOT, "README.md"), "utf8")) ?? [];
  if (code === undefined) throw new Error("README.md has no example for those who embed Skerry");
  return code.replace("port: 8080", "port: 0");
}
