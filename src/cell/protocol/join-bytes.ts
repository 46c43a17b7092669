/**
 * One array of exact size of some pieces. Not from a pool, as `Buffer.concat` may give it: what crosses to an
 * isolate must never be a view on a larger buffer.
 */
export function joinBytes(pieces: readonly Uint8Array[], sizeBytes: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(sizeBytes);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
