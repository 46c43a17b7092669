/** From this compatibility date on it is so, unless a flag says otherwise. */
const SINCE = "2025-04-01";
const ON = "assets_navigation_prefers_asset_serving";
const OFF = "assets_navigation_has_no_effect";

/** Whether what `notFoundHandling` gives comes before the worker, where a browser navigates to a page. */
export function navigationPrefersAssets({
  compatibilityDate,
  compatibilityFlags = [],
}: {
  readonly compatibilityDate: string | null;
  readonly compatibilityFlags?: readonly string[];
}): boolean {
  if (compatibilityFlags.includes(ON)) return true;
  return !compatibilityFlags.includes(OFF) && (compatibilityDate ?? "") >= SINCE;
}
