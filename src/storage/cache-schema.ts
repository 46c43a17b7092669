import Database from "better-sqlite3";

const VERSION = 3;

// The body comes last, so that looking at a row does not walk over it. `used` grows with each use.
const SCHEMA = `
CREATE TABLE entry (
  id INTEGER PRIMARY KEY, account TEXT NOT NULL, cache TEXT NOT NULL, key BLOB NOT NULL, vary TEXT NOT NULL,
  url TEXT NOT NULL, source TEXT, used INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL, stored_ms INTEGER NOT NULL, age_s INTEGER NOT NULL, weight INTEGER NOT NULL,
  status INTEGER NOT NULL, status_text TEXT NOT NULL, headers TEXT NOT NULL, size INTEGER, file TEXT, body BLOB,
  UNIQUE (account, key, cache, vary)
) STRICT;
CREATE INDEX entry_cache ON entry (account, cache);
CREATE INDEX entry_used ON entry (account, used);
CREATE INDEX entry_expires ON entry (expires_ms);
CREATE INDEX entry_file ON entry (file) WHERE file IS NOT NULL;
CREATE TABLE usage (account TEXT PRIMARY KEY, bytes INTEGER NOT NULL, entries INTEGER NOT NULL) WITHOUT ROWID, STRICT;
CREATE TRIGGER entry_in AFTER INSERT ON entry BEGIN
  INSERT INTO usage VALUES (new.account, new.weight, 1)
    ON CONFLICT DO UPDATE SET bytes = bytes + new.weight, entries = entries + 1;
END;
CREATE TRIGGER entry_out AFTER DELETE ON entry BEGIN
  UPDATE usage SET bytes = bytes - old.weight, entries = entries - 1 WHERE account = old.account;
  DELETE FROM usage WHERE account = old.account AND entries <= 0;
END;
PRAGMA user_version = ${VERSION};
`;

/** Opens an index of a cache, and makes it if it is empty. Throws if it is damaged or of another version. */
export function openCacheDb(path: string): Database.Database {
  const db = new Database(path, { timeout: 5_000 });
  try {
    db.pragma("auto_vacuum = INCREMENTAL");
    db.pragma("journal_mode = WAL");
    // What the last moments before a loss of power held may go: it is a cache. The file stays sound.
    db.pragma("synchronous = NORMAL");
    db.pragma("journal_size_limit = 16777216");
    db.pragma("cache_size = -4096");
    const found = db.pragma("user_version", { simple: true });
    if (found === 0) db.exec(`BEGIN; ${SCHEMA} COMMIT;`);
    else if (found !== VERSION) throw new Error(`the cache's index has version ${String(found)}`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
