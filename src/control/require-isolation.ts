import { type Isolation, ISOLATIONS, isLaxer } from "../limits/isolation.ts";
import { InvalidUpload } from "./invalid-upload.ts";

/** @throws InvalidUpload if a worker asks to be separated less than its account is */
export function requireIsolation(wish: Isolation | undefined, required: Isolation): void {
  if (wish === undefined || !isLaxer(wish, required)) return;
  throw new InvalidUpload([
    `isolation is "${wish}"; this account's workers have "${required}", and may ask for the same or something stricter (${ISOLATIONS.join(" < ")})`,
  ]);
}
