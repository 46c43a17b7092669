import { nameConstructor } from "../globals/define.ts";
import { bytesOf } from "../primordials/bytes.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { isReadableStream } from "../streams/stream-state.ts";
import { emails, type EmailParts } from "./late-email.ts";

let readParts: (value: unknown) => EmailParts | undefined;

/**
 * A message to send by an email binding.
 * @see https://developers.cloudflare.com/email-routing/email-workers/send-email-workers/
 */
export class EmailMessage {
  readonly #parts: EmailParts;

  /** @param raw the message as RFC 5322 has it: text, bytes or a stream of bytes */
  constructor(from: string, to: string, raw: unknown) {
    if (typeof from !== "string" || typeof to !== "string")
      throw new TypeErrorOf("An EmailMessage needs the addresses that it comes from and goes to as strings");
    if (typeof raw !== "string" && bytesOf(raw) === undefined && !isReadableStream(raw))
      throw new TypeErrorOf("An EmailMessage needs its raw content as a string, bytes or a ReadableStream");
    this.#parts = { from, to, raw };
  }

  get from(): string {
    return this.#parts.from;
  }
  get to(): string {
    return this.#parts.to;
  }

  static {
    readParts = (value) =>
      typeof value === "object" && value !== null && #parts in value ? value.#parts : undefined;
  }
}
nameConstructor(EmailMessage, "EmailMessage");

emails.provide({ EmailMessage, read: (value) => readParts(value) });
