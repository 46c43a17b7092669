/** What a file takes beside its bytes: its name, and the last of its blocks. */
export const FILE_BYTES = 4_096;

/** The name under which a content is kept: its size is part of it, so that a content that was cut short is another one. */
export function contentName(hash: string, sizeBytes: number): string {
  return `c${hexOf(sizeBytes)}-${hash}`;
}

/** The name under which the list of a version's files is kept. */
export function manifestName(hash: string, sizeBytes: number): string {
  return `m${hexOf(sizeBytes)}-${hash}`;
}

/** The size that a name tells of, in bytes. */
export function sizeInName(name: string): number {
  return Number.parseInt(name.slice(1, 9), 16) || 0;
}

/** What a piece takes of an account's room, in bytes: one without bytes takes a file too. */
export function roomOf(name: string): number {
  return sizeInName(name) + FILE_BYTES;
}

function hexOf(sizeBytes: number): string {
  return sizeBytes.toString(16).padStart(8, "0");
}
