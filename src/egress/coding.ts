/** Forms that a plain body is brought into as it leaves the host; a `Content-Encoding` of another name is left alone. */
export type Coding = "gzip" | "br";

/** The one coding that a `Content-Encoding` names, if it is one that is made here. */
export function codingOf(contentEncoding: string): Coding | null {
  const name = contentEncoding.trim().toLowerCase();
  return name === "gzip" || name === "br" ? name : null;
}
