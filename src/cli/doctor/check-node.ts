import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { LEAST_MAJOR, nodeProblem } from "../least-node.ts";
import { fail, type Finding, ok } from "./finding.ts";

const FLAG = "--no-node-snapshot";
const WAIT_MS = 20_000;
const NATIVE = ["isolated-vm", "better-sqlite3"] as const;

/** Node's version and flags, and the native modules, each loaded in a process of its own: one may crash. */
export async function checkNode(): Promise<Finding[]> {
  return [version(), flags(), ...(await Promise.all(NATIVE.map(nativeModule)))];
}

function version(): Finding {
  const { node, v8 } = process.versions;
  return nodeProblem(node) === null
    ? ok("node", `${node}, V8 ${v8}, ${process.platform} ${process.arch}`)
    : fail("node", `${node}, which is too old`, `take Node ${LEAST_MAJOR} or newer`);
}

function flags(): Finding {
  const given = [...process.execArgv, ...(process.env["NODE_OPTIONS"] ?? "").split(/\s+/)];
  return given.includes(FLAG)
    ? ok("flags", FLAG)
    : fail("flags", `Node runs without ${FLAG}`, `start Skerry by its own command, or as node ${FLAG}`);
}

function nativeModule(name: string): Promise<Finding> {
  return new Promise((resolve) => {
    // This one loads its native part with the first database.
    const script =
      name === "better-sqlite3" ? "new (require(process.argv[1]))(':memory:')" : "require(process.argv[1])";
    const loaded = (error: Error | null, errors: string): void => {
      const [first = ""] = errors.split("\n").filter((line) => /error/i.test(line));
      resolve(
        error === null
          ? ok(name, "loads")
          : fail(
              name,
              `does not load: ${first || error.message}`,
              "install the packages anew with this Node",
            ),
      );
    };
    try {
      const path = createRequire(import.meta.url).resolve(name);
      const options = { timeout: WAIT_MS, killSignal: "SIGKILL" } as const;
      execFile(process.execPath, [FLAG, "-e", script, path], options, (error, _, errors) =>
        loaded(error, errors),
      );
    } catch (error) {
      loaded(error as Error, "");
    }
  });
}
