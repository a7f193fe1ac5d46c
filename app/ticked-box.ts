import { z } from 'zod';

/** A box of a form: `yes` where it was ticked, and nothing at all where it was not. */
export const TickedBox = z
  .string()
  .max(10)
  .default('')
  .transform((value) => value === 'yes');
