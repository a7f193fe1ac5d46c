/** Colours of the band, named as the AWS console names its account colours. */
export const COLOURS = ['red', 'green', 'teal', 'darkBlue', 'purple', 'pink', 'orange', 'yellow', 'lightBlue'] as const;

export type Colour = (typeof COLOURS)[number];

/** What is configured for services of a name or pattern (`*` stands for any characters). */
export type ServiceSettings = {
  readonly pattern: string;
  readonly mainContainer: string | null;
  /** Where people look whether the service works. */
  readonly checkUrl: string | null;
};

/** An account and region whose services this tool shows. */
export type Target = {
  readonly name: string;
  /** Twelve digits; `null` for the one target of the ambient credentials. */
  readonly account: string | null;
  readonly region: string;
  readonly readerRole: string | null;
  readonly writerRole: string | null;
  readonly externalId: string | null;
  /** Names of the clusters shown; `null` for all. */
  readonly clusters: readonly string[] | null;
  /** Whether a rollback asks for the service's name and a reason. */
  readonly protected: boolean;
  readonly colour: Colour;
  readonly pipelineUrl: string | null;
  /** Groups whose members may roll back. */
  readonly operators: readonly string[];
  /** Groups whose members may look. */
  readonly viewers: readonly string[];
  readonly services: readonly ServiceSettings[];
};

/** Settings of one service: the first pattern that matches its name. */
export function settingsOf(target: Target, service: string): ServiceSettings | null {
  return target.services.find(({ pattern }) => matches(pattern, service)) ?? null;
}

function matches(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}
