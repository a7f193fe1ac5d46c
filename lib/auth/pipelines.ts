import 'server-only';
import { createHash, timingSafeEqual } from 'node:crypto';

/** A token as it is configured: whose, for which target, and its SHA-256 as 64 hex digits. */
export type PipelineToken = { readonly name: string; readonly target: string; readonly sha256: string };

/** A pipeline somebody's token names. */
export type Pipeline = Pick<PipelineToken, 'name' | 'target'>;

/** Longest header that is looked at, in characters. */
const LONGEST = 1_024;

/**
 * Who a bearer token names: nobody, or a pipeline for each target it is configured for. Every configured hash is compared,
 * in the same time whether it is the one or not.
 */
export const pipelinesOf =
  (tokens: readonly PipelineToken[]) =>
  (authorization: string | null): readonly Pipeline[] => {
    const [, token] = /^Bearer +([\w.~+/=-]+)$/i.exec((authorization ?? '').slice(0, LONGEST)) ?? [];
    if (token === undefined) return [];
    const given = createHash('sha256').update(token, 'utf8').digest();
    return tokens
      .map(({ name, target, sha256 }) => ({
        pipeline: { name, target },
        same: timingSafeEqual(given, Buffer.from(sha256, 'hex')),
      }))
      .filter(({ same }) => same)
      .map(({ pipeline }) => pipeline);
  };
