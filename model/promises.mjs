// What the write path promises, the rules that keep it, and the worlds in which both are tried.

/** Promises as the design of the write path numbers them. */
export const PROMISES = [
  'I-1 one active rollback per service',
  'I-2 at most one update per rollback',
  'I-3 no update without a committed intent',
  'I-4 nothing of a rollback takes effect after its end or during another, unless somebody gave it up while unknown',
  'I-5 a deployment visible before the intent is never overwritten',
  'I-6 not-applied is true, then and for ever',
  'I-7 succeeded, failed and superseded are true when recorded',
  'I-8 an ended rollback never changes',
  'I-9 from every state all rollbacks can end',
  'table: every move of the protocol is an arrow of the table',
];

export const [
  ONE_ACTIVE,
  ONE_UPDATE,
  INTENT_FIRST,
  IN_ITS_TIME,
  NOT_OVER,
  TRULY_NOT,
  TRUE_ENDS,
  FIXED,
  EVER_ENDS,
  IN_TABLE,
] = PROMISES;

/** Told, and no broken promise: no protocol can close this window. */
export const UNSEEN =
  'a pipeline deployment that no read showed before the write is overwritten: ECS has no compare-and-swap';

/** The rules, each of which a mutant leaves out, and the sizes of the world. */
export const RULES = {
  keepers: 1,
  crashes: 1,
  deploys: 1,
  /** Whether ECS may put back what ran before. */
  putsBack: false,
  /** Whether a person may give up an unknown rollback before T_q. */
  closes: false,
  /** The database's trigger lets only arrows of the table through. */
  trigger: true,
  /** A partial unique index: one active rollback per service. */
  uniqueIndex: true,
  /** A newer rollback replaces only one that is watched. */
  replacesOnlyWatching: true,
  /** The intent is committed only from `starting`. */
  oneIntent: true,
  /** Every move names the states it may leave. */
  compareAndSet: true,
  /** The service is read again between intent and send. */
  looksAgain: true,
  /** Nothing is sent later than T_send after the intent. */
  sendsInTime: true,
  /** The writing client makes one attempt. */
  oneAttempt: true,
  /** Whoever takes over never writes to AWS. */
  takeoverOnlyReads: true,
  /** No clear answer means unknown, not failure. */
  unclearIsUnknown: true,
  /** Absence proves nothing before T_q … */
  waitsForQuarantine: true,
  /** … nor in a read that began before it. */
  readsAfterQuarantine: true,
  /** While watching, not being listed proves nothing. */
  absenceProvesNothing: true,
  /** Success comes from reads, never from the answer. */
  successFromReads: true,
};

/** One rule left out, and the promises of which one must break. */
export const MUTANTS = {
  'no-unique-index': { without: { uniqueIndex: false }, breaks: ['I-1'] },
  'replace-while-unknown': { without: { replacesOnlyWatching: false }, breaks: ['I-4'] },
  'blind-intent': { without: { oneIntent: false }, breaks: ['I-4', 'I-6', 'I-8'] },
  'no-compare-and-set': { without: { compareAndSet: false }, breaks: ['I-4', 'I-6', 'I-8'] },
  'no-recheck': { without: { looksAgain: false }, breaks: ['I-5'] },
  'no-deadline': { without: { sendsInTime: false }, breaks: ['I-4', 'I-6'] },
  'sdk-retries': { without: { oneAttempt: false }, breaks: ['I-2'] },
  'takeover-sends': { without: { takeoverOnlyReads: false }, breaks: ['I-2'] },
  'unclear-means-failed': { without: { unclearIsUnknown: false }, breaks: ['I-4', 'I-6'] },
  'no-quarantine': { without: { waitsForQuarantine: false }, breaks: ['I-4', 'I-6'] },
  'read-before-quarantine-end': { without: { readsAfterQuarantine: false }, breaks: ['I-6'] },
  'absent-means-replaced': { without: { absenceProvesNothing: false }, breaks: ['I-7'] },
  'success-from-the-200': { without: { successFromReads: false }, breaks: ['I-7'] },
};

/** Worlds small enough for every test run; together they take every arrow of the table. */
export const SMALL_WORLDS = [
  ['ECS puts back what ran before', { deploys: 0, crashes: 0, putsBack: true }],
  ['somebody gives up an unknown rollback', { deploys: 0, closes: true }],
  ['a pipeline deploys, a process crashes', {}],
];

/** Worlds that take minutes. */
export const WORLDS = [
  ['two replicas read and act', { keepers: 2, deploys: 0, putsBack: true }],
  ['two crashes, a pipeline, ECS puts back', { crashes: 2, putsBack: true }],
  ['giving up while a pipeline deploys', { closes: true, putsBack: true }],
];
