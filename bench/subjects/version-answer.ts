/** What a tenant answers in a version that was deployed while it was measured. */
export function versionAnswer(tenant: number, version: number): string {
  return `hello ${tenant} of version ${version}`;
}

/** The smallest worker with that answer. */
export function answerSource(answer: string): string {
  return `export default { fetch() { return new Response(${JSON.stringify(answer)}); } };\n`;
}
