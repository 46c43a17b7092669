import { LatePart } from "../globals/late-part.ts";

/** What an email message is made of. */
export interface EmailParts {
  readonly from: string;
  readonly to: string;
  /** A string, bytes or a stream of them. */
  readonly raw: unknown;
}

export interface EmailPart {
  readonly EmailMessage: Function;
  /** Undefined where the value is no message. */
  read(value: unknown): EmailParts | undefined;
}

/** Messages of `cloudflare:email`; `email-message.ts` has them. */
export const emails: LatePart<EmailPart> = new LatePart("Email messages");
