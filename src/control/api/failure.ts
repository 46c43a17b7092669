/** An answer of the control API that says what went wrong. */
export function failure(status: number, code: string, message: string): Response {
  return Response.json({ error: { code, message } }, { status });
}
