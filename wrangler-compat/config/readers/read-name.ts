import type { ConfigScope } from "../config-scope.ts";

const WORKER_NAME = /^[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?$/;
const ALLOWED = '1 to 63 of a-z, 0-9, "-" and "_", beginning and ending with a letter or digit';

/** The worker's name. An environment without one of its own has the top level's, followed by its own name. */
export function readName(scope: ConfigScope, fallback: string | undefined): string | undefined {
  const { reader, env } = scope;
  const own = scope.environment;
  if (env !== undefined && own !== undefined && Object.hasOwn(own.value, "name"))
    return reader.string(own, "name", ALLOWED, WORKER_NAME);
  const top = Object.hasOwn(reader.root.value, "name")
    ? reader.string(reader.root, "name", ALLOWED, WORKER_NAME)
    : fallback;
  if (env === undefined || top === undefined) return top;
  const name = `${top}-${env}`;
  if (!WORKER_NAME.test(name))
    reader.problem(
      own === undefined ? ["name"] : own.path,
      `the environment's worker would be named "${name}"; it must be ${ALLOWED}: give "env.${env}" a "name"`,
    );
  return name;
}
