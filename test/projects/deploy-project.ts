import { spawn } from "node:child_process";
import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { createHost, type Host } from "../../src/index.ts";
import { askHost } from "../cli/ask-host.ts";
import { tempFolder } from "../storage/temp-folder.ts";
import { type Wrangler, wranglerBin, wranglerEnv } from "../wrangler-compat/wranglers.ts";
import { needsOf } from "./needs.ts";
import { installedFolder } from "./fetch-project.ts";
import type { Check, Project, ProjectResult } from "./project.ts";
import { type ApiFailure, RecordedApi } from "./recorded-api.ts";

const WRANGLER_MS = 600_000;

/**
 * Deploys a project with a stock wrangler to a host of its own, and asks its worker.
 * @param folder where the project lies
 */
export async function deployProject(
  project: Project,
  folder: string,
  wrangler: Wrangler,
): Promise<ProjectResult> {
  using home = tempFolder();
  const isInstalled = installedFolder(project.source) !== null;
  // wrangler writes beside the project, and packages that are installed are nobody's to write to.
  const place = isInstalled ? join(home.path, "project") : folder;
  if (isInstalled) cpSync(folder, place, { recursive: true });
  const args = project.args ?? usualArgs(place);
  const checks = project.checks ?? [{ path: "/" }];
  const about = { name: project.name, wrangler, needs: needsOf(place, args) };
  let log = "";
  await using host = await createHost({
    spares: 1,
    onLog: ({ text }) => (log += `${text}\n`),
    onInternalError: (error) => console.error(error),
  });
  const { port } = await host.listen({ port: 0 });
  await using api = new RecordedApi();
  const url = await api.open(host, port);
  const { token } = host.control.tokens.create({ name: "projects", accounts: ["default"] });
  const env = wranglerEnv(home.path, {
    CLOUDFLARE_API_BASE_URL: url,
    CLOUDFLARE_API_TOKEN: token,
    CLOUDFLARE_ACCOUNT_ID: "default",
  });
  const { exit, output } = await runWrangler(wrangler, place, ["deploy", ...args], env);
  const end = (verdict: ProjectResult["verdict"], detail: string, asked = 0): ProjectResult => {
    return { ...about, checks: asked, verdict, detail, unrouted: api.unrouted };
  };
  if (exit !== 0) return end(...whyNot(api.last, output));
  const [worker] = host.control.workers();
  if (worker === undefined) return end("failed", "wrangler deployed nothing");
  const wrong: string[] = [];
  for (const check of checks) {
    const problem =
      check.cron === undefined
        ? await problemOf(check, worker.name, port)
        : await problemOfTrigger(host, worker.name, check.cron);
    if (problem !== null) wrong.push(problem);
    if (check.cron !== undefined && !log.includes(check.has ?? ""))
      wrong.push(`cron ${check.cron}: the log has no ${JSON.stringify(check.has)}`);
  }
  if (wrong.length === 0) return end("answers", "", checks.length);
  const note =
    typeof project.expect === "object" && "partly" in project.expect ? ` (${project.expect.partly})` : "";
  return end("wrong", `${wrong.join("; ")}${note}`, checks.length);
}

async function problemOfTrigger(host: Host, worker: string, cron: string): Promise<string | null> {
  const outcome = await host.worker(worker)?.scheduled({ cron });
  return outcome === "ok" ? null : `cron ${cron}: ${outcome}`;
}

/** Arguments that the project itself gives to `wrangler deploy`. */
function usualArgs(folder: string): readonly string[] {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return [];
  const { scripts = {} } = JSON.parse(readFileSync(file, "utf8")) as { scripts?: Record<string, string> };
  const [, args = ""] = /wrangler deploy([^&|;]*)/.exec(scripts["deploy"] ?? "") ?? [];
  return args.split(/\s+/).filter((arg) => arg !== "" && !arg.includes('"'));
}

async function runWrangler(
  wrangler: Wrangler,
  folder: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ exit: number; output: string }> {
  const child = spawn(process.execPath, [wranglerBin(wrangler), ...args], {
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
}

/** Why a deploy did not end well: the refusal at which wrangler stopped, else wrangler's own words. */
function whyNot(last: ApiFailure | null, output: string): ["refused" | "failed", string] {
  // Whether something is there is asked, and 404 is no reason then.
  const isAnswer = last?.status === 404 && !output.includes(last.message);
  if (last !== null && !isAnswer && output.includes("[ERROR]")) return ["refused", last.message];
  const [error = "no error"] = /\[ERROR\] [^\n]*(?:\n(?!\n)[^\n]*){0,3}/.exec(output) ?? [
    output.trim().slice(-300),
  ];
  return ["failed", error.replace("[ERROR] ", "").replaceAll(/\s+/g, " ").trim()];
}

/** What is wrong with an answer; null if nothing is. */
async function problemOf(check: Check, worker: string, port: number): Promise<string | null> {
  const { path, method = "GET", headers = {}, body, status = 200, has = "" } = check;
  const host = headers["host"] ?? `${worker}.localhost:${port}`;
  const answer = await askHost(port, host, { path, method, headers, body });
  if (answer.status === status && answer.text.includes(has)) return null;
  return `${method} ${path}: ${answer.status} ${JSON.stringify(answer.text.slice(0, 200))}, not ${status} ${JSON.stringify(has)}`;
}
