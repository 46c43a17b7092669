/** Masks bytes in place, or unmasks them: it is the same. `bytes` has to begin its buffer. */
export function maskBytes(bytes: Uint8Array, mask: Uint8Array): void {
  const words = new Uint32Array(bytes.buffer, 0, bytes.length >>> 2);
  const word = new Uint32Array(new Uint8Array(mask).buffer)[0]!;
  for (let i = 0; i < words.length; i++) words[i]! ^= word;
  for (let i = words.length * 4; i < bytes.length; i++) bytes[i]! ^= mask[i & 3]!;
}
