import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Adapter, AdapterPayload, JWK } from 'oidc-provider';

/** How soon after a change the file is written. */
const SOON_MS = 200;

type Entry = { payload: AdapterPayload; readonly until: number };

/** Everything the provider has to remember, so that a restart signs nobody out. */
type Memory = {
  readonly signingKey: JWK;
  readonly cookieKey: string;
  /** Groups that were changed since the start, by subject. */
  readonly groups: Record<string, readonly string[]>;
  /** Sessions, codes, tokens and grants, by kind and id. */
  readonly entries: Record<string, Entry>;
};

/** What the provider remembers, in a file if it has one. */
export type Store = {
  readonly signingKey: JWK;
  readonly cookieKey: string;
  adapter(kind: string): Adapter;
  groupsOf(subject: string): readonly string[] | undefined;
  setGroups(subject: string, groups: readonly string[]): void;
  /** Writes what is not written yet. */
  close(): void;
};

/** Opens the store of a file, which is made if it is missing; without one, everything is forgotten at the end. */
export function openStore(file: string | undefined): Store {
  const memory = file !== undefined && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Memory) : born();
  let timer: NodeJS.Timeout | undefined;
  const write = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (file !== undefined) writeWhole(file, JSON.stringify(memory));
  };
  const changed = (): void => {
    timer ??= setTimeout(write, SOON_MS).unref();
  };
  // At once: two starts that both make keys would sign with different ones.
  write();
  return {
    signingKey: memory.signingKey,
    cookieKey: memory.cookieKey,
    adapter: (kind) => adapterIn(memory.entries, { kind, changed }),
    groupsOf: (subject) => memory.groups[subject],
    setGroups: (subject, groups) => {
      memory.groups[subject] = groups;
      changed();
    },
    close: write,
  };
}

function born(): Memory {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const kid = randomBytes(8).toString('hex');
  return {
    signingKey: { ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' } as JWK,
    cookieKey: randomBytes(32).toString('base64url'),
    groups: {},
    entries: {},
  };
}

function writeWhole(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** The library's way to its storage. @see https://github.com/panva/node-oidc-provider/blob/main/example/my_adapter.js */
function adapterIn(entries: Record<string, Entry>, of: { kind: string; changed: () => void }): Adapter {
  const keyOf = (id: string): string => `${of.kind}:${id}`;
  const live = (entry: Entry | undefined): AdapterPayload | undefined =>
    entry !== undefined && entry.until > Date.now() ? entry.payload : undefined;
  const remove = (gone: (entry: Entry) => boolean): void => {
    for (const [key, entry] of Object.entries(entries)) if (gone(entry)) delete entries[key];
    of.changed();
  };
  const findBy = async (member: 'uid' | 'userCode', value: string): Promise<AdapterPayload | undefined> =>
    live(
      Object.entries(entries).find(([key, { payload }]) => key.startsWith(keyOf('')) && payload[member] === value)?.[1],
    );
  return {
    async upsert(id, payload, expiresIn) {
      const until = expiresIn === undefined ? Number.MAX_SAFE_INTEGER : Date.now() + expiresIn * 1000;
      entries[keyOf(id)] = { payload, until };
      remove((entry) => entry.until <= Date.now());
    },
    find: async (id) => live(entries[keyOf(id)]),
    findByUid: (uid) => findBy('uid', uid),
    findByUserCode: (userCode) => findBy('userCode', userCode),
    async consume(id) {
      const entry = entries[keyOf(id)];
      if (entry !== undefined) entry.payload = { ...entry.payload, consumed: Math.floor(Date.now() / 1000) };
      of.changed();
    },
    async destroy(id) {
      delete entries[keyOf(id)];
      of.changed();
    },
    revokeByGrantId: async (grantId) => remove(({ payload }) => payload.grantId === grantId),
  };
}
