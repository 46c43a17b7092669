/** Lists of files that versions in the making need, and that no stored version names yet. */
export class AssetPins {
  readonly #pins = new Map<string, Set<{ readonly manifest: string }>>();

  /** Holds a list of an account until the pin is let go; each pin counts by itself. */
  pin(account: string, manifest: string): Disposable {
    const pin = { manifest };
    const pins = this.#pins.get(account) ?? new Set();
    this.#pins.set(account, pins.add(pin));
    return {
      [Symbol.dispose]: () => {
        pins.delete(pin);
        if (pins.size === 0 && this.#pins.get(account) === pins) this.#pins.delete(account);
      },
    };
  }

  /** The lists of an account that are held. */
  of(account: string): string[] {
    return [...(this.#pins.get(account) ?? [])].map(({ manifest }) => manifest);
  }
}
