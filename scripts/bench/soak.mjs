import { readdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { printTable } from './table.mjs';
import { visit } from './visitor.mjs';

/** Viewers who look round all the time, each every five seconds. */
const VIEWERS = 20;
const EVERY_MS = 5_000;
/** What is held after it has warmed up may grow by no more. */
const MOST_GROWTH = 1.1;

/** Looks round for so many minutes and prints what is held meanwhile; the first fifth is for warming up. */
export async function soak({ stand, people, minutes, memoryOf }) {
  const until = Date.now() + minutes * 60_000;
  const counts = { answered: 0, failed: 0 };
  const held = [];
  const looking = Array.from({ length: VIEWERS }, (_, viewer) => lookRound({ stand, people, viewer, until, counts }));
  const step = (minutes * 60_000) / 30;
  for (let next = Date.now(); next < until; next += step) {
    await pause(Math.max(0, next - Date.now()));
    held.push({ minute: (minutes * 60_000 - (until - Date.now())) / 60_000, ...memoryOf(stand), ...handlesOf(stand) });
  }
  await Promise.all(looking);
  printTable(
    ['minute', 'dashboard', 'PostgreSQL', 'handles'],
    held.map(({ minute, dashboard, postgres, handles }) => [
      minute.toFixed(1),
      `${Math.round(dashboard)} MiB`,
      `${Math.round(postgres)} MiB`,
      handles,
    ]),
  );
  const warm = held.slice(Math.floor(held.length / 5));
  const half = Math.floor(warm.length / 2);
  const growth = most(warm.slice(half)) / most(warm.slice(0, half));
  console.log(
    `\n${counts.answered} pages answered, ${counts.failed} failed; the second half held ${growth.toFixed(2)} of the first.`,
  );
  if (counts.failed > 0 || growth > MOST_GROWTH) process.exitCode = 1;
}

const most = (held) => Math.max(...held.map(({ dashboard }) => dashboard));

/** Where a viewer goes next: the overview mostly, services one after the other, an older page, a plan, the record. */
function pathFor(viewer, round) {
  const cluster = String(1 + ((viewer * 7 + round) % 20)).padStart(2, '0');
  const service = String(1 + ((viewer + round * 3) % 25)).padStart(2, '0');
  const page = `/services/production/estate-${cluster}/service-${cluster}-${service}`;
  const long = '/services/production/estate-01/service-01-01?show=all';
  const ways = ['/services', '/services?target=all&show=all', page, `${long}&older=${9_976 - 25 * (round % 40)}`];
  const seldom = ['/record', '/status', `${page}/rollback?to=service-${cluster}-${service}:4&bring=images`];
  return round % 7 === 6 ? seldom[(viewer + round) % seldom.length] : ways[(viewer + round) % ways.length];
}

async function lookRound({ stand, people, viewer, until, counts }) {
  const who = people[viewer % people.length];
  await pause((viewer * EVERY_MS) / VIEWERS);
  for (let round = 0; Date.now() < until; round += 1) {
    const answer = await visit(`${stand.url}${pathFor(viewer, round)}`, who).catch(({ message }) => ({
      status: 0,
      text: message,
    }));
    if (answer.status === 200) counts.answered += 1;
    else {
      counts.failed += 1;
      if (counts.failed <= 5) console.error(`${pathFor(viewer, round)}: ${answer.status} ${answer.text.slice(0, 200)}`);
    }
    await pause(EVERY_MS);
  }
}

/** Files and sockets the dashboard has open. */
const handlesOf = (stand) => ({ handles: readdirSync(`/proc/${stand.pids().dashboard}/fd`).length });
