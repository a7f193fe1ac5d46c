/** Somebody with an account at the demo's provider. */
export type Person = {
  /** Never changes, unlike the address. */
  readonly sub: string;
  readonly email: string;
  /** As the dashboard shows who did something. */
  readonly name: string;
  /** For the sign-in page: what the groups allow. */
  readonly hint: string;
  readonly groups: readonly string[];
};

const OPERATORS = 'rollback-operators';
const STAGING = 'rollback-staging';
const VIEWERS = 'rollback-viewers';

/** The accounts of the demo. Any password works. */
export const PEOPLE: readonly Person[] = [
  {
    sub: '0d9c3a6e-operator',
    email: 'operator@notify.example',
    name: 'k.smith',
    hint: 'may roll back in every target',
    groups: [OPERATORS],
  },
  {
    sub: '5b1f7e42-staging',
    email: 'staging@notify.example',
    name: 'a.jones',
    hint: 'may roll back in staging and preview, may look at production',
    groups: [STAGING, VIEWERS],
  },
  {
    sub: 'c8e204d7-viewer',
    email: 'viewer@notify.example',
    name: 'm.patel',
    hint: 'may look everywhere',
    groups: [VIEWERS],
  },
  {
    sub: '7aa6b913-nobody',
    email: 'nobody@notify.example',
    name: 'j.doe',
    hint: 'has no role',
    groups: [],
  },
];

/** The account of an e-mail address, however it is written. */
export const personOf = (email: string): Person | undefined =>
  PEOPLE.find((person) => person.email === email.trim().toLowerCase());
