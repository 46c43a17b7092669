/**
 * How events know a MessagePort. `messaging/` puts it here when it is first used: until then there is no
 * port that could be one.
 */
export const portBrand: { isPort(value: unknown): boolean } = { isPort: () => false };
