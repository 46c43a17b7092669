import { SOCKET_REASON_BYTES } from "../contract/bounds.ts";
import { isCloseCode } from "../contract/sockets.ts";
import { DOMException } from "../dom-exception/dom-exception.ts";
import { utf8Length } from "../encoding/utf8-length.ts";
import { mathFloor, NumberOf } from "../primordials/values.ts";
import { toWellFormedText } from "../webidl/convert.ts";

/** What `close()` was given. */
export interface CloseArguments {
  /** 0 where there is none. */
  readonly code: number;
  readonly reason: string;
}

/**
 * Converts and checks the arguments of `close()`.
 *
 * @param strict as the standard has it: only 1000 and the codes of applications. Servers may say more.
 * @throws DOMException InvalidAccessError for a code, SyntaxError for a reason that may not be sent
 */
export function closeArguments(code: unknown, reason: unknown, strict: boolean): CloseArguments {
  const number = code === undefined ? 0 : clampShort(code);
  const text = reason === undefined ? "" : toWellFormedText(reason);
  if (
    code !== undefined &&
    !(strict ? number === 1000 || (number >= 3000 && number <= 4999) : isCloseCode(number))
  ) {
    throw new DOMException(
      strict
        ? `The close code must be 1000, or between 3000 and 4999. ${number} is neither.`
        : `${number} is no close code that a server may send.`,
      "InvalidAccessError",
    );
  }
  if (utf8Length(text) > SOCKET_REASON_BYTES) {
    throw new DOMException(
      `The close reason must not be longer than ${SOCKET_REASON_BYTES} bytes of UTF-8.`,
      "SyntaxError",
    );
  }
  return { code: number, reason: number === 0 ? "" : text };
}

/** Web IDL's `[Clamp] unsigned short`. */
function clampShort(value: unknown): number {
  const number = NumberOf(value);
  if (!(number > 0)) return 0;
  if (number >= 65_535) return 65_535;
  const below = mathFloor(number);
  const rest = number - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below;
}
