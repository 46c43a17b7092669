/** Whether a text of ASCII characters occurs in a body more than so many times; none overlaps another one. */
export function hasMore(body: Uint8Array, text: string, times: number): boolean {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
  let at = 0;
  for (let found = 0; found <= times; found++) {
    at = bytes.indexOf(text, at, "latin1");
    if (at < 0) return false;
    at += text.length;
  }
  return true;
}
