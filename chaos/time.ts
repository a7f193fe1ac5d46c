import type { Database } from '@/lib/db/database';

/** One clock for everything in this process and for its database, which tests move. */
export type Time = {
  /** Lets time pass for dashboards, database and simulated AWS alike. */
  pass(ms: number): Promise<void>;
  /** Back to the time of the wall. */
  reset(): Promise<void>;
};

const wall = Date.now;
let aheadMs = 0;

/**
 * SQL that lets a database's clock be moved: a function of the same name that is found before PostgreSQL's own, in
 * sessions that begin from now on.
 */
export const movableClock = (name: string): readonly string[] => [
  'CREATE TABLE ahead (ms bigint NOT NULL)',
  'INSERT INTO ahead VALUES (0)',
  `CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE plpgsql VOLATILE SECURITY DEFINER
     SET search_path = pg_catalog AS $$
     BEGIN RETURN pg_catalog.clock_timestamp() + (SELECT ms FROM public.ahead) * interval '1 millisecond'; END $$`,
  `ALTER DATABASE ${name} SET search_path = public, pg_catalog`,
];

/** The time of a database with {@link movableClock}, and from now on of this process. */
export function timeOf(owner: Database): Time {
  Date.now = () => wall() + aheadMs;
  const set = async (ms: number): Promise<void> => {
    aheadMs = ms;
    await owner.query('UPDATE ahead SET ms = $1', [ms]);
  };
  return {
    pass: (ms) => set(aheadMs + ms),
    reset: () => set(0),
  };
}
