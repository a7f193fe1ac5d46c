import 'server-only';
import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { LRUCache } from 'lru-cache';
import { familyOf } from '@/lib/domain/arn';
import { secretTexts } from '@/lib/domain/masking';
import { freed } from './failure';

/** Revisions whose masked texts are remembered. */
const REMEMBERED = 500;

/** Revisions of a family whose texts are looked for beside those a text is about: what ECS said yesterday may quote them. */
const BESIDE = 50;

/** Has a definition read by the reader at hand, so that what it masks is known; waits no longer than is worth it. */
export type Learn = (arn: string) => Promise<unknown>;

/** Whether what AWS says in its own words comes along: definitions nobody has read yet are read for that first. */
export type Quoting = { readonly quoting?: Learn };

/** A text of AWS without what must not be quoted. */
export type Quote = (text: string) => string;

/** How to quote AWS about what one definition describes; `null` where that cannot be known. */
export type QuoteOf = (taskDefinitionArn: string) => Promise<Quote | null>;

/** Quotes what AWS says of what definitions describe. Their masked texts never leave: they are only taken out. */
export type Quotations = {
  /** Remembers what of a definition must not be quoted. */
  learn(arn: string, definition: TaskDefinition): void;
  /**
   * How to quote AWS about something of these definitions; those nobody has read yet are read first. `null` where one
   * cannot be read: then nobody knows what may be quoted, and nothing is.
   */
  about(arns: readonly string[], learn: Learn): Promise<Quote | null>;
};

/** The quotations of one target. */
export function createQuotations(): Quotations {
  const secrets = new LRUCache<string, readonly string[]>({ max: REMEMBERED });

  const secretsOf = async (arn: string, learn: Learn): Promise<readonly string[] | null> => {
    if (!secrets.has(arn)) await learn(arn);
    return secrets.get(arn) ?? null;
  };

  const beside = (arns: readonly string[]): readonly string[] => {
    const families = new Set(arns.map(familyOf));
    const others = [...secrets.entries()].filter(([arn]) => families.has(familyOf(arn)));
    return others.slice(0, BESIDE).flatMap(([, texts]) => texts);
  };

  return {
    learn: (arn, definition) => {
      secrets.set(arn, secretTexts(definition));
    },
    async about(arns, learn) {
      const own = await Promise.all([...new Set(arns)].map((arn) => secretsOf(arn, learn)));
      const known = own.filter((texts) => texts !== null);
      if (known.length === 0 || known.length < own.length) return null;
      const texts = [...new Set([...known.flat(), ...beside(arns)])].sort((a, b) => b.length - a.length);
      return (text) => freed(text, texts);
    },
  };
}
