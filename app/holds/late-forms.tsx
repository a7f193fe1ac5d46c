'use client';

import { type ComponentProps, lazy } from 'react';
import type * as Forms from './hold-forms';

// Whoever watches a rollback has no form about holds, and is not sent what makes one work.
const LatePlace = lazy(async () => ({ default: (await import('./hold-forms')).PlaceHold }));
const LateRelease = lazy(async () => ({ default: (await import('./hold-forms')).ReleaseHold }));
const LateProlong = lazy(async () => ({ default: (await import('./hold-forms')).ProlongHold }));

/** The form that holds deployments; its script comes only where it stands. */
export const PlaceHold = (props: ComponentProps<typeof Forms.PlaceHold>) => <LatePlace {...props} />;

/** The form that ends a hold; its script comes only where it stands. */
export const ReleaseHold = (props: ComponentProps<typeof Forms.ReleaseHold>) => <LateRelease {...props} />;

/** The form that makes a hold end later; its script comes only where it stands. */
export const ProlongHold = (props: ComponentProps<typeof Forms.ProlongHold>) => <LateProlong {...props} />;
