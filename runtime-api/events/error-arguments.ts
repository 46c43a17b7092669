/**
 * What an `onerror` handler gets of an ErrorEvent: its parts, one by one. `error-event.ts` puts it here when it
 * is first used: until then no event is one.
 */
export const errorArguments: { of(event: object): readonly unknown[] | undefined } = { of: () => undefined };
