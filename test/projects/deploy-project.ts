import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { createHost } from "../../src/index.ts";
import { needsOf } from "./needs.ts";
import type { Check, Project, ProjectResult } from "./project.ts";
import { type ApiFailure, RecordedApi } from "./recorded-api.ts";

const WRANGLER = resolve("node_modules/wrangler/bin/wrangler.js");
const WRANGLER_MS = 600_000;

/** Deploys a project with the stock wrangler to a host of its own, and asks its worker. */
export async function deployProject(project: Project, root: string): Promise<ProjectResult> {
  const folder = resolve(root, project.folder);
  const args = project.args ?? usualArgs(folder);
  const about = { name: project.name, commit: commitOf(folder), needs: needsOf(folder, args) };
  await using host = await createHost({
    spares: 1,
    onInternalError: (error) => console.error(error),
  });
  const { port } = await host.listen({ port: 0 });
  await using api = new RecordedApi();
  const url = await api.open(host, port);
  const { token } = host.control.tokens.create({ name: "projects", accounts: ["default"] });
  const { exit, output } = await wrangler(folder, ["deploy", ...args], {
    CLOUDFLARE_API_BASE_URL: url,
    CLOUDFLARE_API_TOKEN: token,
    CLOUDFLARE_ACCOUNT_ID: "default",
  });
  const end = (verdict: ProjectResult["verdict"], detail: string): ProjectResult => {
    return { ...about, verdict, detail, unrouted: api.unrouted };
  };
  if (exit !== 0) return end(...whyNot(api.last, output));
  const [worker] = host.control.workers();
  if (worker === undefined) return end("failed", "wrangler deployed nothing");
  const wrong: string[] = [];
  for (const check of project.checks ?? [{ path: "/" }]) {
    const problem = await problemOf(check, worker.name, port);
    if (problem !== null) wrong.push(problem);
  }
  if (wrong.length === 0) return end("answers", "");
  const note = project.note === undefined ? "" : ` (${project.note})`;
  return end("wrong", `${wrong.join("; ")}${note}`);
}

/** Arguments that the project itself gives to `wrangler deploy`. */
function usualArgs(folder: string): readonly string[] {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return [];
  const { scripts = {} } = JSON.parse(readFileSync(file, "utf8")) as { scripts?: Record<string, string> };
  const [, args = ""] = /wrangler deploy([^&|;]*)/.exec(scripts["deploy"] ?? "") ?? [];
  return args.split(/\s+/).filter((arg) => arg !== "" && !arg.includes('"'));
}

function commitOf(folder: string): string {
  try {
    return execFileSync("git", ["-C", folder, "rev-parse", "HEAD"], {
      encoding: "utf8",
      stdio: "pipe",
    }).slice(0, 12);
  } catch {
    return "";
  }
}

async function wrangler(
  folder: string,
  args: readonly string[],
  access: Readonly<Record<string, string>>,
): Promise<{ exit: number; output: string }> {
  const home = mkdtempSync(join(tmpdir(), "skerry-wrangler-"));
  try {
    const env = {
      ...process.env,
      CI: "1",
      NO_COLOR: "1",
      WRANGLER_SEND_METRICS: "false",
      HOME: home,
      ...access,
    };
    const child = spawn(process.execPath, [WRANGLER, ...args], {
      cwd: folder,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: WRANGLER_MS,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    const exit = await new Promise<number>((done) => child.on("close", (code) => done(code ?? -1)));
    return { exit, output: stripVTControlCharacters(output) };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** Why a deploy did not end well: the refusal at which wrangler stopped, else wrangler's own words. */
function whyNot(last: ApiFailure | null, output: string): ["refused" | "failed", string] {
  if (last !== null && output.includes("[ERROR]")) return ["refused", last.message];
  const [error = "no error"] = /\[ERROR\] [^\n]*(?:\n(?!\n)[^\n]*){0,3}/.exec(output) ?? [
    output.trim().slice(-300),
  ];
  return ["failed", error.replace("[ERROR] ", "").replaceAll(/\s+/g, " ").trim()];
}

/** What is wrong with an answer; null if nothing is. */
async function problemOf(check: Check, worker: string, port: number): Promise<string | null> {
  const { path, method = "GET", status = 200, has = "" } = check;
  const answer = await ask(check, method, worker, port);
  if (answer.status === status && answer.text.includes(has)) return null;
  return `${method} ${path}: ${answer.status} ${JSON.stringify(answer.text.slice(0, 200))}, not ${status} ${JSON.stringify(has)}`;
}

async function ask(
  { path, headers, body }: Check,
  method: string,
  worker: string,
  port: number,
): Promise<{ status: number; text: string }> {
  return await new Promise((done, fail) => {
    const host = `${worker}.localhost:${port}`;
    const asked = request(
      { host: "127.0.0.1", port, path, method, headers: { host, ...headers }, agent: false },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part: string) => (text += part));
        response.on("end", () => done({ status: response.statusCode ?? 0, text }));
      },
    );
    asked.on("error", fail).end(body);
  });
}
