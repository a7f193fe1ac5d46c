/** Family and number of a revision. */
export type RevisionNumber = { readonly family: string; readonly number: number };

const REVISION = /^([A-Za-z0-9_-]{1,255}):([1-9]\d{0,9})$/;

/** Reads `api:421`; `null` for anything else, a bare family included. */
export function parseRevision(text: string): RevisionNumber | null {
  const [, family, number] = REVISION.exec(text) ?? [];
  return family === undefined ? null : { family, number: Number(number) };
}

/** Reads a task definition ARN with its revision; `null` for anything else. */
export function parseTaskDefinitionArn(arn: string): RevisionNumber | null {
  const [, name] = /^arn:[\w-]+:ecs:[\w-]*:\d*:task-definition\/(.+)$/.exec(arn) ?? [];
  return name === undefined ? null : parseRevision(name);
}

/** `api:421`, of a task definition ARN or of itself. */
export const revisionName = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

/** The number of a revision, of its ARN or its name; 0 where there is none. */
export const revisionNumber = (arn: string): number => parseRevision(revisionName(arn))?.number ?? 0;

/** The family of a revision, of its ARN or its name. */
export const familyOf = (arn: string): string => revisionName(arn).split(':')[0] ?? '';

/** The ARN of a revision in the account and region another ARN of ECS stands in. */
export function revisionArn(beside: string, revision: string): string {
  const [arn = 'arn', partition = 'aws', service = 'ecs', region = '', account = ''] = beside.split(':');
  return `${arn}:${partition}:${service}:${region}:${account}:task-definition/${revision}`;
}

/** The last part of an ARN, after the last slash. */
export const lastPart = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

/** A service as its ARN names it; `cluster` is `null` in the old short form. */
export type ServiceArn = {
  readonly region: string;
  readonly account: string;
  readonly cluster: string | null;
  readonly service: string;
};

/** Reads a service ARN of either form. */
export function parseServiceArn(arn: string): ServiceArn | null {
  const [, region, account, path] = /^arn:[\w-]+:ecs:([\w-]+):(\d{12}):service\/([\w/-]+)$/.exec(arn) ?? [];
  const parts = path?.split('/') ?? [];
  const service = parts.at(-1);
  if (region === undefined || account === undefined || service === undefined || parts.length > 2) return null;
  return { region, account, cluster: parts.length === 2 ? (parts[0] ?? null) : null, service };
}

const NAME = /^[A-Za-z0-9_-]{1,255}$/;

/** Whether a text is a service's name, before AWS is asked about it. */
export const isServiceName = (text: string): boolean => NAME.test(text);

/** Whether a text is a cluster's name. */
export const isClusterName = (text: string): boolean => NAME.test(text);

/** Whether a text names a revision as addresses do: `family:number`. */
export const isRevisionName = (text: string): boolean => parseRevision(text) !== null;

/** Whether a text is a rollback's id. */
export const isRollbackId = (text: string): boolean => /^rb-[0-9a-z]{6,12}$/.test(text);

/** Whether a text is the id of a group of rollbacks. */
export const isGroupRollbackId = (text: string): boolean => /^gr-[0-9a-z]{6,12}$/.test(text);
