import ivm from "isolated-vm";
import { part, type PartScripts } from "./part.ts";

const copies = new WeakMap<PartScripts, Map<string, ivm.ExternalCopy<string>>>();

/**
 * The script of a part in the form in which isolated-vm hands it over without copying: the isolates of a process that
 * use the part hold one text. Null if there is none of that name.
 */
export function sharedPart(name: unknown, scripts: PartScripts): ivm.Copy<string> | null {
  const script = part(name, scripts);
  if (script === null) return null;
  let kept = copies.get(scripts);
  if (kept === undefined) copies.set(scripts, (kept = new Map()));
  let copy = kept.get(name as string);
  if (copy === undefined) kept.set(name as string, (copy = new ivm.ExternalCopy(script)));
  return copy.copyInto();
}
