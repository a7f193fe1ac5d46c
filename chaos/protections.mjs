// What keeps a rollback from doing harm, and the tests that notice when it is gone. `npm run test:protections` takes each
// away in turn and expects one of its tests to fail.

const STEPS = ['chaos', 'chaos/every-step.chaos.ts'];
const ENDS = ['chaos', 'chaos/outcomes.chaos.ts'];
const ROWS = ['integration', 'lib/db/rollbacks.integration.test.ts'];
const RECORD = ['integration', 'lib/db/record.integration.test.ts'];
const WRITES = ['integration', 'lib/aws/ecs-writes.integration.test.ts'];
const PATH = ['integration', 'lib/rollback/write-path.integration.test.ts'];
const FAULTS = ['integration', 'lib/rollback/faults.integration.test.ts'];
const VERDICT = ['unit', 'lib/domain/verdict.test.ts'];

const SCHEMA = 'lib/db/migrations/0001-first.sql';

/** `cuts` are texts taken out of files, each with what stands in its place; `by` the tests that notice. */
export const PROTECTIONS = [
  {
    name: 'one active rollback of a service, by a unique index',
    cuts: [[SCHEMA, 'CREATE UNIQUE INDEX rollback_one_active', 'CREATE INDEX rollback_one_active']],
    by: [ROWS],
  },
  {
    name: 'one rollback of a plan, by a unique column',
    cuts: [[SCHEMA, 'plan_id uuid NOT NULL UNIQUE REFERENCES plan', 'plan_id uuid NOT NULL REFERENCES plan']],
    by: [ROWS],
  },
  {
    name: 'the arrows between states, by a trigger',
    cuts: [[SCHEMA, 'CREATE TRIGGER rollback_guard BEFORE UPDATE ON rollback', '-- CREATE TRIGGER rollback_guard']],
    by: [ROWS],
  },
  {
    name: 'a record that only grows, by a trigger',
    cuts: [[SCHEMA, 'CREATE TRIGGER record_append_only BEFORE UPDATE', '-- CREATE TRIGGER record_append_only']],
    by: [RECORD],
  },
  {
    name: 'compare-and-set of the state',
    cuts: [
      ['lib/db/rollbacks.ts', 'AND state = ANY($2) AND state <> $3 RETURNING', 'AND $2::text[] IS NOT NULL RETURNING'],
    ],
    by: [ROWS],
  },
  {
    name: 'no intent of a revoked session',
    cuts: [['lib/db/rollbacks.ts', "if (live === undefined || live.revoked) return { kind: 'revoked' };", '']],
    by: [ENDS],
  },
  {
    name: 'one attempt of the SDK, and one request of its handler',
    cuts: [
      ['lib/aws/limits.ts', 'export const WRITING = { maxAttempts: 1,', 'export const WRITING = { maxAttempts: 3,'],
      ['lib/aws/one-request.ts', "if (passed) throw new Error('A second request of a client that sends one.');", ''],
    ],
    by: [WRITES],
  },
  {
    name: 'one request of a handler',
    cuts: [
      ['lib/aws/one-request.ts', "if (passed) throw new Error('A second request of a client that sends one.');", ''],
    ],
    by: [WRITES],
  },
  {
    name: 'the deadlines between intent, look and socket',
    cuts: [['lib/aws/one-request.ts', 'if (deadlines.some((isOver) => isOver())) throw new NotSent(DEADLINE);', '']],
    by: [WRITES, STEPS],
  },
  {
    name: 'T_send: a starter that was held up at its intent',
    cuts: [['lib/rollback/send.ts', 'updateService(update, [sendBy, freshBy])', 'updateService(update, [freshBy])']],
    by: [STEPS],
  },
  {
    name: 'T_fresh: a starter that was held up at its last look',
    cuts: [['lib/rollback/send.ts', 'updateService(update, [sendBy, freshBy])', 'updateService(update, [sendBy])']],
    by: [FAULTS],
  },
  {
    name: 'the last look before the update',
    cuts: [
      ['lib/rollback/send.ts', 'if (objection !== null) return notSent(', 'if (false as boolean) return notSent('],
    ],
    by: [ENDS],
  },
  {
    name: 'what is unclear is unknown',
    cuts: [
      [
        'lib/rollback/send.ts',
        "return keepTrying(application, rollback.id, ['sending'], 'unknown', {\n        event: 'unclear',",
        "return keepTrying(application, rollback.id, ['sending'], 'not-applied', {\n        reason: 'absent',",
      ],
    ],
    by: [FAULTS],
  },
  {
    name: 'the quarantine of sixteen minutes',
    cuts: [['lib/rollback/settle.ts', '|| readAt - intentAt < T_QUARANTINE_MS', '']],
    by: [ENDS],
  },
  {
    name: 'an absence only a complete reading proves',
    cuts: [['lib/rollback/settle.ts', 'if (!complete || readAt', 'if (readAt']],
    by: [FAULTS],
  },
  {
    name: 'takeovers end what was not sent',
    cuts: [['lib/rollback/keeper.ts', "if (row.state === 'starting') {", "if (row.state === ('never' as string)) {"]],
    by: [ENDS, STEPS],
  },
  {
    name: 'a press of what was read, and of nothing else',
    cuts: [
      ['lib/rollback/confirm-rollback.ts', 'decisionHash(plan, application) === decision ?', '(true as boolean) ?'],
    ],
    by: [PATH],
  },
  {
    name: 'a newer rollback replaces only what is watched',
    cuts: [['lib/db/rollbacks.ts', "WHERE id = $1 AND state = 'watching' RETURNING *", 'WHERE id = $1 RETURNING *']],
    by: [ROWS],
  },
  {
    name: 'a minute before an unknown rollback may be given up',
    cuts: [
      [
        'lib/db/rollbacks.ts',
        "AND state = 'unknown' AND intent_at < clock",
        "AND state = 'unknown' AND intent_at + interval '-1 h' < clock",
      ],
    ],
    by: [ROWS],
  },
  {
    name: 'success only of what runs our copy alone',
    cuts: [['lib/domain/verdict.ts', 'if (!completed || !steady) return null;', 'if (!completed) return null;']],
    by: [VERDICT],
  },
  {
    name: 'a reading that does not show ours proves nothing',
    cuts: [
      [
        'lib/domain/verdict.ts',
        'if (primary === null || (!listed && record === null)) return null;',
        'if (primary === null) return null;',
      ],
    ],
    by: [VERDICT],
  },
  {
    name: 'an intent out of `starting` alone, by its own condition, the trigger and the table behind it',
    cuts: [
      ['lib/db/rollbacks.ts', "WHERE id = $1 AND state = 'starting' RETURNING *", 'WHERE id = $1 RETURNING *'],
      [SCHEMA, 'CREATE TRIGGER rollback_guard BEFORE UPDATE ON rollback', '-- CREATE TRIGGER rollback_guard'],
      [
        SCHEMA,
        "CHECK ((state IN ('succeeded','failed','superseded','not-applied','closed')) = (ended_at IS NOT NULL)),",
        '',
      ],
    ],
    by: [STEPS],
  },
];
