'use client';

import { useEffect, useRef, useState } from 'react';
import { routes } from '@/lib/routes';
import { KEYS, type Meaning, meaningOf } from './keys';
import { Said } from './status';
import { Button } from './ui/button';

/** How long `g` waits for its second key. */
const BEGUN_MS = 1_500;

const FIELD = 'input, textarea, select, [contenteditable]';

/** Listens for single keys on every page; they follow links that are there, and press nothing. */
export function Keyboard() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [said, say] = useState('');
  useEffect(() => {
    let begunAt = Number.NEGATIVE_INFINITY;
    const hear = (event: KeyboardEvent): void => {
      const focused = document.activeElement;
      if (dialog.current?.open) return;
      const meaning = meaningOf({
        key: event.key,
        modified: event.ctrlKey || event.altKey || event.metaKey,
        inField: focused?.matches(FIELD) ?? false,
        inRow: focused?.closest('[data-row]') != null,
        begun: event.timeStamp - begunAt < BEGUN_MS,
      });
      begunAt = meaning === 'begin' ? event.timeStamp : Number.NEGATIVE_INFINITY;
      if (meaning === null || meaning === 'begin') return;
      if (meaning !== 'leave') event.preventDefault();
      if (meaning === 'keys') dialog.current?.showModal();
      else if (meaning === 'copy-link')
        void navigator.clipboard.writeText(location.href).then(() => say('Link copied'));
      else follow(meaning);
    };
    document.addEventListener('keydown', hear);
    return () => document.removeEventListener('keydown', hear);
  }, []);
  useEffect(() => {
    if (said === '') return;
    const timer = setTimeout(() => say(''), 4_000);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <>
      {said !== '' && (
        <p className="fixed right-4 bottom-4 rounded-md border border-edge bg-background px-4 py-2">
          {said}
          <Said words={said} />
        </p>
      )}
      <dialog
        ref={dialog}
        aria-labelledby="keys"
        className="m-auto max-w-md rounded-lg border border-edge bg-background p-5 text-text backdrop:bg-text/40"
      >
        <h2 id="keys">Keys</h2>
        <dl className="my-3 grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5">
          {KEYS.map(([keys, words]) => (
            <div key={keys} className="contents">
              <dt>
                <kbd className="rounded border border-edge bg-surface px-1.5 py-0.5">{keys}</kbd>
              </dt>
              <dd>{words}</dd>
            </div>
          ))}
        </dl>
        <p className="mb-3 text-sm text-muted">They can be turned off in the account menu.</p>
        <form method="dialog">
          <Button>Close</Button>
        </form>
      </dialog>
    </>
  );
}

function follow(meaning: Exclude<Meaning, 'begin' | 'keys' | 'copy-link'>): void {
  switch (meaning) {
    case 'find':
      return find();
    case 'next':
      return step(1);
    case 'previous':
      return step(-1);
    case 'plan':
      return linkOf('[data-plan]')?.click();
    case 'compare':
      return linkOf('[data-compare]')?.click();
    case 'services':
      return document.querySelector<HTMLElement>(`header a[href="${routes.services()}"]`)?.click();
    case 'record':
      return document.querySelector<HTMLElement>(`header a[href="${routes.record()}"]`)?.click();
    case 'leave':
      return leave();
    default:
      return meaning satisfies never;
  }
}

/** The filter where there is one, else the jump box; folded parts they stand in are opened. */
function find(): void {
  const field =
    document.querySelector<HTMLInputElement>('#filter') ?? document.querySelector<HTMLInputElement>('#jump');
  const folded = field?.closest('details');
  if (folded && !field?.checkVisibility()) folded.open = true;
  field?.focus();
  field?.select();
}

function step(by: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLElement>('[data-row] [data-open]')];
  const row = document.activeElement?.closest('[data-row]');
  const at = links.findIndex((link) => row?.contains(link) ?? false);
  const next = at === -1 ? 0 : Math.min(links.length - 1, Math.max(0, at + by));
  links[next]?.focus();
}

/** The link of the row that has the focus, else the page's own. */
function linkOf(which: string): HTMLElement | null {
  const row = document.activeElement?.closest('[data-row]');
  if (row) return row.querySelector<HTMLElement>(which);
  return [...document.querySelectorAll<HTMLElement>(which)].find((link) => link.closest('[data-row]') === null) ?? null;
}

function leave(): void {
  const focused = document.activeElement;
  const menu = focused?.closest('details[data-menu]') ?? document.querySelector('details[data-menu][open]');
  if (menu instanceof HTMLDetailsElement && menu.open) {
    menu.open = false;
    menu.querySelector('summary')?.focus();
  } else if (focused instanceof HTMLElement && focused.matches(FIELD)) {
    focused.blur();
  }
}
