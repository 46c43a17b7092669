const LOOK_MS = 5;
/** By looks, not by time: a machine may stand still for as long as it likes. */
const MOST_LOOKS = 24_000;

/**
 * Waits until a condition holds.
 * @throws Error where it does not for as long as only a fault takes.
 */
export async function eventually(condition: () => boolean, what: string): Promise<void> {
  for (let looks = 0; !condition(); looks++) {
    if (looks === MOST_LOOKS) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
