import { defineBuiltin, replaceConstructor } from "../globals/wrap.ts";
import { BufferOf } from "../primordials/bytes.ts";
import { RangeErrorOf } from "../primordials/errors.ts";
import { objectGetPrototypeOf, reflectApply, reflectConstruct } from "../primordials/object.ts";
import { nativeIntl } from "./native.ts";

type Native = new (...args: unknown[]) => object;
type Method = (this: unknown, ...args: unknown[]) => object;

/** What ICU takes for one object of each kind, in bytes, as far as it can be measured from outside. */
const SIZES: readonly (readonly [name: string, bytes: number])[] = [
  ["Collator", 3_000],
  ["DateTimeFormat", 30_000],
  ["DisplayNames", 2_500],
  ["DurationFormat", 2_500],
  ["ListFormat", 2_000],
  ["Locale", 400],
  ["NumberFormat", 2_000],
  ["PluralRules", 3_500],
  ["RelativeTimeFormat", 9_000],
  ["Segmenter", 6_000],
];
/** The same for a text that is being segmented, beside two bytes for each of its units. */
const SEGMENTS_BYTES = 20_000;

const ITERATOR: PropertyKey = Symbol.iterator;

/** Lets a class put its private field on any object. */
class Host {
  constructor(object: object) {
    // oxlint-disable-next-line no-constructor-return -- that is what makes the field theirs
    return object;
  }
}

/**
 * Ties bytes to an object, for as long as that lives: V8 counts them against the isolate's limit, and collects
 * garbage sooner for them.
 */
class Ballast extends Host {
  // oxlint-disable-next-line no-unused-private-class-members -- to be held is all it is for
  readonly #bytes: ArrayBuffer;

  constructor(object: object, sizeBytes: number) {
    super(object);
    this.#bytes = new BufferOf(sizeBytes);
  }

  static tie(object: object, sizeBytes: number): void {
    if (#bytes in object) return;
    try {
      new Ballast(object, sizeBytes);
    } catch {
      throw new RangeErrorOf("Intl objects would take more memory than the isolate has");
    }
  }
}

/**
 * Makes V8 count what `Intl` takes, which it does not: a DateTimeFormat is 230 bytes of heap and 30,000 of ICU's.
 */
export function exposeIntl(target: object): void {
  const namespace = nativeIntl as unknown as Record<string, Native | undefined>;
  for (let i = 0; i < SIZES.length; i++) {
    const [name, bytes] = SIZES[i] as (typeof SIZES)[number];
    const Original = namespace[name];
    if (Original === undefined) continue;
    const wrapper = weighed(Original, bytes);
    replaceConstructor(Original, wrapper);
    defineBuiltin(nativeIntl, name, wrapper);
  }
  weighSegments();
  defineBuiltin(target, "Intl", nativeIntl);
}

function weighed(Original: Native, bytes: number): Function {
  return function wrapper(this: unknown, ...args: unknown[]): object {
    const made =
      new.target === undefined
        ? (reflectApply(Original as unknown as Method, this, args) as object)
        : (reflectConstruct(Original, args, new.target === wrapper ? Original : new.target) as object);
    Ballast.tie(made, bytes);
    return made;
  };
}

/** What a text is cut with holds a copy of it. */
function weighSegments(): void {
  const Segmenter = (nativeIntl as { Segmenter?: { prototype: object } }).Segmenter;
  if (Segmenter === undefined) return;
  let isNew = true;
  weighMethod(Segmenter.prototype, "segment", (segments, text) => {
    const bytes = SEGMENTS_BYTES + 2 * (typeof text === "string" ? text.length : 0);
    if (isNew) {
      isNew = false;
      weighMethod(objectGetPrototypeOf(segments) as object, ITERATOR, () => SEGMENTS_BYTES);
    }
    return bytes;
  });
}

function weighMethod(
  holder: object,
  key: PropertyKey,
  bytesOf: (made: object, argument: unknown) => number,
): void {
  const methods = holder as Record<PropertyKey, Method>;
  const original = methods[key] as Method;
  // A method, so that it is no constructor.
  const wrapper =
    original.length === 0
      ? {
          [key](this: unknown): object {
            const made = reflectApply(original, this, []) as object;
            Ballast.tie(made, bytesOf(made, undefined));
            return made;
          },
        }
      : {
          [key](this: unknown, text: unknown): object {
            const made = reflectApply(original, this, [text]) as object;
            Ballast.tie(made, bytesOf(made, text));
            return made;
          },
        };
  // Assigning keeps the attributes.
  methods[key] = (wrapper as typeof methods)[key] as Method;
}
