import type { FoundAsset } from "./manifest.ts";
import type { HtmlHandling, NotFoundHandling } from "./worker-assets.ts";

/** What a path leads to: a file with a status, or another path. */
export type Intent =
  | { readonly path: string; readonly file: FoundAsset; readonly status: 200 | 404 }
  | { readonly redirect: string };

/** Files of a site, and how their paths look. */
export interface PathRules {
  find(path: string): FoundAsset | null;
  readonly htmlHandling: HtmlHandling;
  readonly notFoundHandling: NotFoundHandling;
}

/**
 * What a decoded path leads to, or null.
 * @see https://developers.cloudflare.com/workers/static-assets/routing/advanced/html-handling/
 */
export function intentOf(path: string, rules: PathRules): Intent | null {
  return new Handling(rules, false).of(path);
}

const INDEX = "/index";
const INDEX_HTML = "/index.html";
const HTML = ".html";

class Handling {
  readonly #rules: PathRules;
  readonly #isFollowing: boolean;

  /** @param isFollowing whether it is asked where a redirect would end, which is no further redirect */
  constructor(rules: PathRules, isFollowing: boolean) {
    this.#rules = rules;
    this.#isFollowing = isFollowing;
  }

  of(path: string): Intent | null {
    const found = this.#handled(path);
    return found ?? this.#notFound(path);
  }

  #handled(path: string): Intent | null {
    switch (this.#rules.htmlHandling) {
      case "auto-trailing-slash":
        return this.#auto(path);
      case "force-trailing-slash":
        return this.#force(path);
      case "drop-trailing-slash":
        return this.#drop(path);
      case "none":
        return this.#serve(path);
    }
  }

  #auto(path: string): Intent | null {
    return (
      this.#autoByEnding(path) ??
      this.#serve(path) ??
      this.#serve(path + HTML) ??
      this.#redirect(path + INDEX_HTML, `${path}/`)
    );
  }

  #autoByEnding(path: string): Intent | null {
    if (path.endsWith(INDEX)) {
      const folder = without(path, INDEX);
      return (
        this.#serve(path) ??
        this.#redirect(path + HTML, `${folder}/`) ??
        this.#redirect(folder + HTML, folder)
      );
    }
    if (path.endsWith(INDEX_HTML)) {
      const folder = without(path, INDEX_HTML);
      return this.#redirect(path, `${folder}/`) ?? this.#redirect(folder + HTML, folder);
    }
    if (path.endsWith("/")) {
      const folder = without(path, "/");
      return this.#serve(folder + INDEX_HTML) ?? this.#redirect(folder + HTML, folder);
    }
    if (!path.endsWith(HTML)) return null;
    const page = without(path, HTML);
    return this.#redirect(path, page) ?? this.#redirect(page + INDEX_HTML, `${page}/`);
  }

  #force(path: string): Intent | null {
    return (
      this.#forceByEnding(path) ??
      this.#serve(path) ??
      this.#redirect(path + HTML, `${path}/`) ??
      this.#redirect(path + INDEX_HTML, `${path}/`)
    );
  }

  #forceByEnding(path: string): Intent | null {
    if (path.endsWith(INDEX)) {
      const folder = without(path, INDEX);
      return (
        this.#serve(path) ??
        this.#redirect(path + HTML, `${folder}/`) ??
        this.#redirect(folder + HTML, `${folder}/`)
      );
    }
    if (path.endsWith(INDEX_HTML)) {
      const folder = without(path, INDEX_HTML);
      return this.#redirect(path, `${folder}/`) ?? this.#redirect(folder + HTML, `${folder}/`);
    }
    if (path.endsWith("/")) {
      const folder = without(path, "/");
      return this.#serve(folder + INDEX_HTML) ?? this.#serve(folder + HTML);
    }
    if (!path.endsWith(HTML)) return null;
    const page = without(path, HTML);
    // With both /foo.html and /foo/index.html the first one is at /foo.html only.
    return (
      this.#redirect(path, `${page}/`) ?? this.#serve(path) ?? this.#redirect(page + INDEX_HTML, `${page}/`)
    );
  }

  #drop(path: string): Intent | null {
    return (
      this.#dropByEnding(path) ??
      this.#serve(path) ??
      this.#serve(path + HTML) ??
      this.#serve(path + INDEX_HTML)
    );
  }

  #dropByEnding(path: string): Intent | null {
    // The slash of the root cannot be dropped.
    if (path === "/") return this.#serve(INDEX_HTML);
    if (path === INDEX_HTML) return this.#redirect(INDEX_HTML, "/");
    if (path === INDEX) return this.#serve(path) ?? this.#redirect(INDEX_HTML, "/");
    if (path.endsWith(INDEX)) {
      const folder = without(path, INDEX);
      return (
        this.#serve(path) ?? this.#redirect(folder + HTML, folder) ?? this.#redirect(path + HTML, folder)
      );
    }
    if (path.endsWith(INDEX_HTML)) {
      const folder = without(path, INDEX_HTML);
      // With both /foo.html and /foo/index.html the second one is at /foo/index.html only.
      return this.#redirect(path, folder) ?? this.#serve(path) ?? this.#redirect(folder + HTML, folder);
    }
    if (path.endsWith("/")) {
      const folder = without(path, "/");
      return this.#redirect(folder + HTML, folder) ?? this.#redirect(folder + INDEX_HTML, folder);
    }
    if (!path.endsWith(HTML)) return null;
    const page = without(path, HTML);
    return this.#redirect(path, page) ?? this.#redirect(page + INDEX_HTML, page);
  }

  #serve(path: string, status: 200 | 404 = 200): Intent | null {
    const file = this.#rules.find(path);
    return file === null ? null : { path, file, status };
  }

  /** Leads to a path where the file is served that is meant, and no other one. */
  #redirect(file: string, to: string): Intent | null {
    if (this.#isFollowing) return null;
    const wanted = this.#rules.find(file);
    if (wanted === null || this.#rules.find(to) !== null) return null;
    const end = new Handling(this.#rules, true).of(to);
    return end !== null && "file" in end && end.file.hash === wanted.hash ? { redirect: to } : null;
  }

  #notFound(path: string): Intent | null {
    switch (this.#rules.notFoundHandling) {
      case "single-page-application":
        return this.#serve(INDEX_HTML);
      case "404-page":
        return this.#nearestPage(path);
      case "none":
        return null;
    }
  }

  /** The 404 page of the folder, or of the nearest one above that has one. */
  #nearestPage(path: string): Intent | null {
    for (let folder = path; folder !== "";) {
      folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/")));
      const page = this.#serve(`${folder}/404.html`, 404);
      if (page !== null) return page;
    }
    return null;
  }
}

function without(path: string, ending: string): string {
  return path.slice(0, -ending.length);
}
