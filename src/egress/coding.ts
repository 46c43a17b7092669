/** Forms that a plain body is brought into as it leaves the host; a `Content-Encoding` of another name is left alone. */
export type Coding = "gzip" | "br";

/** The one coding that a `Content-Encoding` names, if it is one that is made here. */
export function codingOf(contentEncoding: string): Coding | null {
  const name = contentEncoding.trim().toLowerCase();
  return name === "gzip" || name === "br" ? name : null;
}

/** Whether a client takes a coding, by its `Accept-Encoding`. RFC 9110, 12.5.3. */
export function acceptsCoding(acceptEncoding: string | undefined, coding: Coding): boolean {
  let byStar = false;
  for (const part of (acceptEncoding ?? "").toLowerCase().split(",", 32)) {
    const [name = "", ...parameters] = part.split(";").map((text) => text.trim());
    const weight = parameters.find((parameter) => parameter.startsWith("q="));
    const takes = weight === undefined || Number(weight.slice(2)) > 0;
    if (name === coding) return takes;
    if (name === "*") byStar = takes;
  }
  return byStar;
}
