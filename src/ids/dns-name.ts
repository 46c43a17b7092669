const NAME = /^(?:[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * Whether a text can be a name in DNS, in the form that URLs have: lower case, in ASCII, without a dot at its end. How
 * long it is as a whole is not looked at. An address of IPv4 looks like one.
 */
export function isDnsName(text: string): boolean {
  return NAME.test(text);
}
