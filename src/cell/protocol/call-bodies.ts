import { Op } from "../../../runtime-api/contract/calls.ts";
import { BodyKind, type Flat, type FlatBody } from "../../../runtime-api/contract/flat.ts";

/** Where the body's kind stands among the arguments of an operation; see `calls.ts`. */
const CALL_BODY_AT: Readonly<Record<string, number>> = {
  [Op.fetch]: 3,
  [Op.kvPut]: 1,
  [Op.cachePut]: 6,
};
/** Where it stands among the values of a good reply. */
const REPLY_BODY_AT: Readonly<Record<string, number>> = {
  [Op.fetch]: 3,
  [Op.connect]: 3,
  [Op.kvGet]: 1,
  [Op.kvGetMany]: 0,
  [Op.kvList]: 0,
  [Op.cacheMatch]: 4,
  [Op.cacheRead]: 4,
  [Op.invoke]: 0,
};

/** The stream or socket that the arguments of a call open or pass on; undefined if they name none. */
export function callStream(op: string, args: readonly Flat[]): FlatBody | undefined {
  return streamAt(args, own(CALL_BODY_AT, op));
}

/** The stream or socket that the values of a good reply open or pass on; undefined if they name none. */
export function replyStream(op: string, values: readonly Flat[]): FlatBody | undefined {
  return streamAt(values, own(REPLY_BODY_AT, op));
}

function own(table: Readonly<Record<string, number>>, op: string): number | undefined {
  return Object.hasOwn(table, op) ? table[op] : undefined;
}

function streamAt(values: readonly Flat[], at: number | undefined): FlatBody | undefined {
  if (at === undefined) return undefined;
  const kind = values[at];
  const id = values[at + 1];
  if (typeof id !== "number") return undefined;
  switch (kind) {
    case BodyKind.stream:
    case BodyKind.ref:
    case BodyKind.copy:
    case BodyKind.socket:
      return [kind, id];
    default:
      return undefined;
  }
}
