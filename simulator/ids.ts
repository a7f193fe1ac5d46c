import { createHash } from 'node:crypto';
import type { World } from './world';

function bytes(world: World): Buffer {
  world.sequence += 1;
  return createHash('sha256').update(`${world.seed}:${world.sequence}`).digest();
}

/** 32 hexadecimal digits, as task ids are. */
export const hexId = (world: World): string => bytes(world).toString('hex').slice(0, 32);

/** 19 decimal digits, as deployments and service revisions have. */
export const digitsId = (world: World): string =>
  (bytes(world).readBigUInt64BE() % 9_000_000_000_000_000_000n).toString().padStart(19, '1');

/** 21 url-safe characters, as service deployments have. */
export const shortId = (world: World): string => bytes(world).toString('base64url').slice(0, 21);

/** A UUID, as events have. */
export function uuid(world: World): string {
  const hex = bytes(world).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

/** A digest as a registry would compute it from the given content. */
export const digestOf = (content: string): string => `sha256:${createHash('sha256').update(content).digest('hex')}`;
