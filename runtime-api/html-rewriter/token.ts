import { arrayPush } from "../primordials/array.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import {
  dataDescriptor,
  objectDefineProperty,
  objectGetOwnPropertyDescriptor,
  reflectOwnKeys,
} from "../primordials/object.ts";
import { stringToWellFormed } from "../primordials/string.ts";
import { symbolToStringTag } from "../primordials/values.ts";
import type { Engine } from "./engine.ts";

/** A piece of a document as it lies in the parser, for as long as its handler runs. */
export interface Piece {
  readonly engine: Engine;
  /** Where it is; 0 once the handler is done with it. */
  pointer: number;
  /** The engine's era in which it was made. */
  readonly era: number;
  /** Prefix of the binary's exports for it. */
  readonly kind: string;
}

/** Set while a token is made for a piece, so that nobody else can make one. */
let made: Piece | undefined;

/** Makes a token of a piece. */
export function makeToken<T>(Token: new () => T, piece: Piece): T {
  made = piece;
  try {
    return new Token();
  } finally {
    made = undefined;
  }
}

/** The piece that a token is being made for. A TypeError for code that calls the constructor. */
export function takePiece(): Piece {
  if (made === undefined) throw new TypeErrorOf("Illegal constructor");
  return made;
}

/** Whether the handler of the piece still runs, for a document that is still wanted. */
export function isLive({ pointer, era, engine }: Piece): boolean {
  return pointer !== 0 && era === engine.era;
}

/** Throws unless the handler of the piece still runs. */
export function requireLive(piece: Piece): void {
  if (isLive(piece)) return;
  throw new TypeErrorOf(
    "This HTMLRewriter token is no longer valid. Content tokens are only valid during the execution of the relevant content handler.",
  );
}

/** Calls the export of the piece with this name; the piece itself is its first argument. */
export function callPiece(piece: Piece, name: string, args: number[] = []): number {
  requireLive(piece);
  return piece.engine.apply(`${piece.kind}_${name}`, withFirst(piece.pointer, args));
}

function withFirst(first: number, rest: readonly number[]): number[] {
  const all = [first];
  for (let i = 0; i < rest.length; i++) arrayPush(all, rest[i] as number);
  return all;
}

/** Asks the piece for a text. */
export function pieceText(piece: Piece, name: string): string {
  requireLive(piece);
  return piece.engine.text(`${piece.kind}_${name}`, piece.pointer);
}

/** Asks the piece for a value. */
export function pieceValue(piece: Piece, name: string): unknown {
  return piece.engine.heap.take(callPiece(piece, name));
}

/** Calls the export of the piece with a text or two. */
export function callWithText(piece: Piece, name: string, ...given: unknown[]): number {
  const texts: string[] = [];
  for (let i = 0; i < given.length; i++) arrayPush(texts, toText(given[i]));
  requireLive(piece);
  const args: number[] = [];
  for (let i = 0; i < texts.length; i++) {
    const { pointer, length } = piece.engine.passText(texts[i] as string);
    arrayPush(args, pointer, length);
  }
  return callPiece(piece, name, args);
}

function toText(value: unknown): string {
  return stringToWellFormed(`${value as string}`);
}

/** Options of content: whether it is HTML or text. */
export interface ContentOptions {
  html?: boolean;
}

/**
 * Puts content at, around or in place of a piece.
 * @throws TypeError for a stream or a Response, which Workers take and this parser cannot
 */
export function putContent(piece: Piece, name: string, content: unknown, options: unknown): void {
  const { engine } = piece;
  if (engine.tools.isStreaming(content))
    throw new TypeErrorOf(
      `${name}(): content that is a ReadableStream or a Response is not supported here: read it to a string first`,
    );
  const text = toText(content);
  if (
    options !== undefined &&
    options !== null &&
    typeof options !== "object" &&
    typeof options !== "function"
  )
    throw new TypeErrorOf(`${name}(): the options are not an object`);
  const isHtml = Boolean((options as ContentOptions | null | undefined)?.html);
  requireLive(piece);
  const { pointer, length } = engine.passText(text);
  callPiece(piece, name, [pointer, length, isHtml ? engine.heap.add(true) : 0]);
}

/** Gives a class of tokens the shape of a Web IDL interface. It is no global. */
export function shapeToken(constructor: Function, name: string): void {
  objectDefineProperty(constructor, "name", dataDescriptor(name, false, false));
  const prototype = constructor.prototype as object;
  const keys = reflectOwnKeys(prototype);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as PropertyKey;
    if (key === "constructor") continue;
    const descriptor = objectGetOwnPropertyDescriptor(prototype, key) as PropertyDescriptor;
    descriptor.enumerable = true;
    objectDefineProperty(prototype, key, descriptor);
  }
  objectDefineProperty(prototype, symbolToStringTag, dataDescriptor(name, false, false));
}
