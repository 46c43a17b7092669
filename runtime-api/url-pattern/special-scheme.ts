import { specialSchemes } from "./canonicalize.ts";
import type { Component } from "./component.ts";

/** Whether the pattern of a protocol matches one whose URLs have a host and a path of segments. */
export function matchesSpecialScheme(protocol: Component): boolean {
  for (let i = 0; i < specialSchemes.length; i++)
    if (protocol.matches(specialSchemes[i] as string)) return true;
  return false;
}
