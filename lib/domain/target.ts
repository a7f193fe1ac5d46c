/** Colours of the band, named as the AWS console names its account colours. */
export const COLOURS = ['red', 'green', 'teal', 'darkBlue', 'purple', 'pink', 'orange', 'yellow', 'lightBlue'] as const;

export type Colour = (typeof COLOURS)[number];

/** What is configured for services of a name or pattern; `null` where it says nothing. */
export type ServiceSettings = {
  /** `service` or `cluster/service`; `*` stands for any characters. */
  readonly pattern: string;
  readonly mainContainer: string | null;
  /** Where people look whether the service works. */
  readonly checkUrl: string | null;
  /** Groups that may roll back, in place of the target's. An empty list lets nobody. */
  readonly operators: readonly string[] | null;
  /** Groups that may look, in place of the target's; operators may look, too. */
  readonly viewers: readonly string[] | null;
};

/** A service's place in its target, as far as patterns ask for it. */
export type ServicePlace = { readonly cluster: string; readonly service: string };

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

/**
 * One setting of a service: of the patterns that match it, the first that says anything about it; `null` where none does.
 *
 * Setting by setting, so that a pattern that names the container of `api` does not quietly undo who may roll `*` back.
 */
export function settingOf<Name extends keyof Omit<ServiceSettings, 'pattern'>>(
  { services }: Pick<Target, 'services'>,
  place: ServicePlace,
  name: Name,
): ServiceSettings[Name] | null {
  return services.find((settings) => settings[name] !== null && covers(settings.pattern, place))?.[name] ?? null;
}

/** Every group that gives a role on a target, or on some of its services. */
export const groupsOf = ({ operators, viewers, services }: Target): readonly string[] =>
  [{ operators, viewers }, ...services].flatMap((one) => [...(one.operators ?? []), ...(one.viewers ?? [])]);

/** Groups that may roll a service back. */
export const operatorsOf = (target: Target, place: ServicePlace): readonly string[] =>
  settingOf(target, place, 'operators') ?? target.operators;

/** Where a service stands in its target. */
export const placeOf = ({
  clusterName,
  name,
}: {
  readonly clusterName: string;
  readonly name: string;
}): ServicePlace => ({
  cluster: clusterName,
  service: name,
});

/** Whether a pattern stands for a service; one without a slash does so in every cluster. */
export function covers(pattern: string, { cluster, service }: ServicePlace): boolean {
  const slash = pattern.indexOf('/');
  return matches(pattern.slice(slash + 1), service) && (slash === -1 || matches(pattern.slice(0, slash), cluster));
}

/** Looks for each part behind the one before, which takes no longer however many `*` there are. */
function matches(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return name === pattern;
  if (!name.startsWith(first) || !name.endsWith(last)) return false;
  let from = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, from);
    if (found === -1) return false;
    from = found + part.length;
  }
  return from + last.length <= name.length;
}
