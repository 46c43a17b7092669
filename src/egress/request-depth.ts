/** Counts the workers that a request has come through, so that a loop ends. */
export const DEPTH_HEADER = "skerry-depth";

/**
 * How many workers a request came through, as its {@link DEPTH_HEADER} says. Anybody may send one, so what is no count is 0.
 * @param value Of the header; the first one counts where it was sent more than once.
 */
export function requestDepth(value: string | undefined): number {
  return Math.max(0, Number.parseInt(value ?? "", 10) || 0);
}
