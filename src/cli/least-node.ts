/** The oldest Node that has what Skerry needs. */
export const LEAST_MAJOR = 24;

/** What is wrong with a version of Node, such as 20.1.0; null where it will do. */
export function nodeProblem(version: string): string | null {
  if (Number(version.split(".")[0]) >= LEAST_MAJOR) return null;
  return `Node ${version} is too old for Skerry: take Node ${LEAST_MAJOR} or newer`;
}
