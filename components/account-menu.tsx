import { type Preferences, THEMES, type Theme } from '@/lib/domain/preference';
import type { Frame } from '@/lib/queries/get-frame';
import { routes } from '@/lib/routes';
import type { FrameActions } from './frame';
import { Button } from './ui/button';
import { Name } from './ui/name';

type Props = {
  readonly who: Frame['who'];
  readonly preferences: Preferences;
  readonly actions: FrameActions;
};

const THEME_WORDS: Readonly<Record<Theme, string>> = { system: 'System', light: 'Light', dark: 'Dark' };

/** Who is signed in, with the few switches there are. */
export function AccountMenu({ who, preferences, actions }: Props) {
  return (
    <details className="group relative" data-menu="account">
      <summary className="flex min-h-9 items-center gap-1 rounded-md marker:content-none pointer-coarse:min-h-11 [&::-webkit-details-marker]:hidden">
        <span className="max-w-32 truncate underline decoration-1 underline-offset-3 sm:max-w-52">
          <span className="sr-only">Account: </span>
          <bdi>{who.name}</bdi>
        </span>
        <svg viewBox="0 0 16 16" aria-hidden="true" className="size-3.5 group-open:rotate-180">
          <path d="m3 5.5 5 5 5-5" fill="none" stroke="currentColor" strokeWidth="2" />
        </svg>
      </summary>
      <div className="absolute top-full right-0 z-10 mt-1 w-72 max-w-[calc(100vw-2rem)] space-y-4 rounded-lg border border-edge bg-background p-4 text-base">
        <p className="text-sm text-muted">
          Signed in as <Name className="text-text">{who.email ?? who.name}</Name>
        </p>
        <Switch
          label="Colours"
          name="theme"
          chosen={preferences.theme}
          choices={THEMES.map((value) => ({ value, words: THEME_WORDS[value] }))}
          choose={actions.choose}
        />
        <Switch
          label="Keyboard shortcuts"
          name="keys"
          chosen={preferences.keys ? 'on' : 'off'}
          choices={[
            { value: 'on', words: 'On' },
            { value: 'off', words: 'Off' },
          ]}
          choose={actions.choose}
          note="Press ? to see them."
        />
        <form method="post" action={routes.signOut()}>
          <Button className="w-full">Sign out</Button>
        </form>
      </div>
    </details>
  );
}

type SwitchProps = {
  readonly label: string;
  readonly name: string;
  readonly chosen: string;
  readonly choices: readonly { readonly value: string; readonly words: string }[];
  readonly choose: FrameActions['choose'];
  readonly note?: string;
};

/** A setting whose every choice is a button, so that one press is enough with and without script. */
function Switch({ label, name, chosen, choices, choose, note }: SwitchProps) {
  return (
    <form action={choose}>
      <fieldset>
        <legend className="mb-1 text-sm font-medium">{label}</legend>
        <div className="flex gap-2">
          {choices.map(({ value, words }) => (
            <button
              key={value}
              name={name}
              value={value}
              type="submit"
              aria-pressed={value === chosen}
              className="min-h-9 grow cursor-pointer rounded-md border border-edge px-2 aria-pressed:border-2 aria-pressed:border-link aria-pressed:font-semibold aria-pressed:text-link pointer-coarse:min-h-11"
            >
              {words}
            </button>
          ))}
        </div>
        {note && <p className="mt-1 text-sm text-muted">{note}</p>}
      </fieldset>
    </form>
  );
}
