/** An answer AWS gives in place of a result: code, words and HTTP status. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number = 400,
    /** Further members of the reply, such as `resourceIds`. */
    readonly members: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'AwsError';
  }
}

/** ECS's most general refusal. */
export const clientError = (message: string): AwsError => new AwsError('ClientException', message);

/** A parameter ECS does not take. */
export const invalidParameter = (message: string): AwsError => new AwsError('InvalidParameterException', message);
