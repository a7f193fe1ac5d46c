import type { Stage } from './stage';
import { addParameters, addSecrets, parameterArn, secretArn } from './surroundings';

/** Names of the accounts' environments. */
const ENVIRONMENTS: Readonly<Record<string, string>> = {
  '111111111111': 'production',
  '222222222222': 'staging',
  '333333333333': 'preview',
};

export const environmentOf = ({ account }: Stage): string => ENVIRONMENTS[account] ?? account;

/** Values in plain variables that nobody who looks at the dashboard may ever see. */
export const PLAIN_SECRETS = [
  'hK7vQe2mXw94RzpT',
  'av-live-9f3c61d27be84a05',
  'rediss://default:Zt5mBq81LkYw@redis.notify.internal:6379/0',
] as const;

/** Variables of everything that runs the API's image. Some hold what should have been a secret. */
export function apiEnvironment(stage: Stage): Record<string, string> {
  const environment = environmentOf(stage);
  return {
    NOTIFY_ENVIRONMENT: environment,
    LOG_LEVEL: 'INFO',
    API_HOST_NAME: `https://api.${environment}.notify.example`,
    ADMIN_CLIENT_SECRET: PLAIN_SECRETS[0],
    ANTIVIRUS_API_KEY: PLAIN_SECRETS[1],
    REDIS_URL: PLAIN_SECRETS[2],
  };
}

/** Secrets of everything that runs the API's image; the database's address by the stage of its version. */
export function apiSecrets(stage: Stage, databaseStage: string): Record<string, string> {
  addSecrets(stage, ['notify/db-uri', 'notify/secret-key'], ['v6', 'v7']);
  const sms = `/notify/${environmentOf(stage)}/sms-provider-api-key`;
  addParameters(stage, [sms]);
  return {
    DB_URI: `${secretArn(stage, 'notify/db-uri')}::${databaseStage}:`,
    SECRET_KEY: secretArn(stage, 'notify/secret-key'),
    SMS_PROVIDER_API_KEY: parameterArn(stage, sms),
  };
}
