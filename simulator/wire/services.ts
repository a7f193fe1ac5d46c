/** How a service's requests and replies are written. */
export type Protocol = 'json-1.0' | 'json-1.1' | 'query';

type WireService = { readonly service: string; readonly protocol: Protocol };

/** Services by the prefix of `x-amz-target`; `service` is the signing name. */
const BY_TARGET: Readonly<Record<string, WireService>> = {
  AmazonEC2ContainerServiceV20141113: { service: 'ecs', protocol: 'json-1.1' },
  AmazonEC2ContainerRegistry_V20150921: { service: 'ecr', protocol: 'json-1.1' },
  AmazonSSM: { service: 'ssm', protocol: 'json-1.1' },
  secretsmanager: { service: 'secretsmanager', protocol: 'json-1.1' },
  AnyScaleFrontendService: { service: 'application-autoscaling', protocol: 'json-1.1' },
  Logs_20140328: { service: 'logs', protocol: 'json-1.1' },
  GraniteServiceVersion20100801: { service: 'monitoring', protocol: 'json-1.0' },
};

/** The service a target header names, or `null`. */
export const serviceOfTarget = (prefix: string): WireService | null =>
  Object.hasOwn(BY_TARGET, prefix) ? (BY_TARGET[prefix] ?? null) : null;

/** XML namespaces of the services that speak Query, by signing name. CloudWatch still does beside its JSON. */
const QUERY: Readonly<Record<string, string>> = {
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
  elasticloadbalancing: 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
  monitoring: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
};

/** Whether the service takes forms and answers XML. */
export const speaksQuery = (service: string): boolean => Object.hasOwn(QUERY, service);

/** The namespace of a Query service's replies. */
export const namespaceOf = (service: string): string => QUERY[service] ?? '';
