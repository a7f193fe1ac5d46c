// What is measured, one after the other; each gives rows of the table.
import { setTimeout as pause } from 'node:timers/promises';
import { filledPlan } from '../plan-form.mjs';
import { Halt } from '../root.mjs';
import { ofPlan, ofPress, ofServicePage } from './minimum.mjs';
import { errorsIn, visit, visitsOver } from './visitor.mjs';
import { callsDuring, callsSince, isSweeping, lastCall, saidOf } from './wire.mjs';

/** An overview of every service there is. */
export const EVERYTHING = '/services?target=all&show=all';
/** Whole within this time, however slow the machine is. */
const WHOLE_MS = 180_000;
const MOMENT_MS = 500;

const pageOf = (place, query = '') => `/services/production/${place.cluster}/${place.service}${query}`;
const LONG = { cluster: 'estate-01', service: 'service-01-01' };
const SHORT = [2, 3, 4, 5, 6, 7, 8, 9].map((number) => ({
  cluster: `estate-0${number}`,
  service: `service-0${number}-10`,
}));

const isWhole = ({ text }) => !/Still reading/.test(text);
const namesIn = ({ text }) => text.match(/>build-\d+ \(\d+\)</g)?.length ?? 0;
const rowsIn = ({ text }) => new Set(text.match(/href="\/services\/production\/[^"/]*\/[^"/?#]*"/g)).size;

/**
 * Looks at the overview of a process that has read nothing until it is whole, and tells when somebody could read what.
 *
 * @param least - The fewest calls it takes.
 */
export async function coldOverview({ stand, people: [who], least, name }) {
  const began = performance.now();
  const at = { first: null, everyService: null, named: null };
  const answers = [];
  const { calls } = await callsDuring(stand, async () => {
    for (;;) {
      const answer = await visit(`${stand.url}${EVERYTHING}`, who);
      answers.push(answer);
      at.first ??= { ms: performance.now() - began, rows: rowsIn(answer), names: namesIn(answer) };
      if (at.everyService === null && rowsIn(answer) >= 500) at.everyService = performance.now() - began;
      if (at.named === null && namesIn(answer) >= 500) at.named = performance.now() - began;
      if (isWhole(answer)) break;
      if (performance.now() - began > WHOLE_MS) throw new Halt(`${name}: not whole after ${WHOLE_MS / 1000} s.`);
      await pause(MOMENT_MS);
    }
    at.whole = performance.now() - began;
  });
  // While somebody looks it is swept again and again; what one look costs is one sweep and the rest.
  const sweeps = Math.max(
    1,
    calls.filter(({ operation, account }) => operation === 'ListClusters' && account === '111111111111').length,
  );
  const sweeping = calls.filter(isSweeping).length;
  const once = calls.length - sweeping + Math.round(sweeping / sweeps);
  const words = [
    `first page ${seconds(at.first.ms)} with ${at.first.rows} services, ${at.first.names} named`,
    `all listed ${seconds(at.everyService)}`,
    `all named ${seconds(at.named)}`,
    `whole ${seconds(at.whole)}`,
  ];
  console.error(`${name}: ${words.join(', ')}; ${saidOf(calls)} (${sweeps} sweeps)`);
  return [
    { name, calls: once, least, visits: answers.slice(0, 1), bytes: answers.at(-1).bytes, words: words.join(', ') },
  ];
}

const seconds = (ms) => (ms === null ? 'never' : `${(ms / 1000).toFixed(1)} s`);

/** An overview again and again in a process that knows it: what it costs above the sweep. */
export async function warmOverview({ stand, people: [who], name, path = '/services' }) {
  const visits = [];
  const { calls } = await callsDuring(stand, async () => {
    for (let one = 0; one < 20; one += 1) visits.push(await visit(`${stand.url}${path}`, who));
  });
  const above = calls.filter((call) => !isSweeping(call));
  if (above.length > 0) console.error(`${name}, above the sweep: ${saidOf(above)}`);
  return [{ name, calls: above.length, least: 0, visits, bytes: visits[0].bytes }];
}

/** Two hundred people within five seconds, on what opens first. */
export async function crowd({ stand, people, sweep, name, path = '/services' }) {
  const { answer: visits, calls } = await callsDuring(stand, () =>
    visitsOver(5_000, 200, (index) => visit(`${stand.url}${path}`, people[index % people.length])),
  );
  const errors = errorsIn(visits);
  if (errors.length > 0)
    console.error(`${name}: ${errors.length} failed, first ${errors[0].status} ${errors[0].text.slice(0, 200)}`);
  console.error(`${name}: ${saidOf(calls)}`);
  return [
    { name, calls: calls.length, least: sweep, visits, bytes: visits[0].bytes, words: `${errors.length} errors` },
  ];
}

/** Pages of services nobody looked at before. */
export async function servicePages({ stand, people: [who], region }) {
  const visits = [];
  const { calls } = await callsDuring(stand, async () => {
    for (const place of SHORT) {
      let answer = await visit(`${stand.url}${pageOf(place)}`, who);
      visits.push(answer);
      while (!isWhole(answer)) {
        await pause(MOMENT_MS);
        answer = await visit(`${stand.url}${pageOf(place)}`, who);
      }
    }
  });
  const own = calls.filter((call) => !isOfSweep(call));
  console.error(`Service pages: ${saidOf(own)}`);
  const least = SHORT.reduce((sum, place) => sum + ofServicePage(region, place), 0) / SHORT.length;
  return [
    { name: 'service page, first look', calls: own.length / SHORT.length, least, visits, bytes: visits[0].bytes },
  ];
}

/** Calls of a sweep rather than of a page about one service. */
const isOfSweep = ({ operation, input }) =>
  operation === 'ListClusters' ||
  operation === 'ListServices' ||
  (operation === 'DescribeServices' && input.services.length > 1);

/** The first page of ten thousand revisions, and older ones. */
export async function longHistory({ stand, people: [who] }) {
  const rows = [];
  for (const [name, query] of [
    ['10,000 revisions, first page', '?show=all'],
    ['10,000 revisions, older', '?show=all&older=9976'],
    ['10,000 revisions, far down', '?show=all&older=5001'],
  ]) {
    const visits = [];
    const { calls } = await callsDuring(stand, async () => {
      let answer = await visit(`${stand.url}${pageOf(LONG, query)}`, who);
      visits.push(answer);
      while (!isWhole(answer)) {
        await pause(MOMENT_MS);
        answer = await visit(`${stand.url}${pageOf(LONG, query)}`, who);
      }
    });
    const own = calls.filter(({ operation }) => /TaskDefinition/.test(operation));
    console.error(`${name}: ${saidOf(own)}`);
    rows.push({ name, calls: own.length, least: 28, visits, bytes: visits[0].bytes });
  }
  return rows;
}

const PLANNED = SHORT[0];
const planPath = pageOf(PLANNED, `/rollback?to=${PLANNED.service}:4&bring=images`);

/** A plan, its press, and two hundred who watch what comes of it. */
export async function rollback({ stand, people, region }) {
  const [who] = people;
  const plans = [];
  const first = await callsDuring(stand, async () => plans.push(await visit(`${stand.url}${planPath}`, who)));
  for (let again = 0; again < 9; again += 1) plans.push(await visit(`${stand.url}${planPath}`, who));
  const drawn = first.calls.filter((call) => !isOfSweep(call));
  console.error(`Plan: ${saidOf(drawn)}`);
  const pressed = await press({ stand, who });
  const watched = await watch({ stand, people, id: pressed.id });
  return [
    { name: 'plan', calls: drawn.length, least: ofPlan(region, PLANNED), visits: plans, bytes: plans[0].bytes },
    {
      name: 'rollback, from press to change',
      calls: pressed.calls.length,
      least: ofPress(region, PLANNED),
      visits: [{ ms: pressed.ms }],
      words: `on the wire after ${Math.round(pressed.wireMs)} ms; ${pressed.writes}`,
    },
    ...watched,
  ];
}

async function press({ stand, who }) {
  const since = await lastCall(stand.simulator);
  const form = filledPlan(await who.browser.open(`${stand.url}${planPath}`));
  if (form === null) throw new Halt('There is no form to press.');
  const drawn = await lastCall(stand.simulator);
  const pressedAt = Date.now();
  const answer = await who.browser.send({ ...form, followed: false });
  const ms = Date.now() - pressedAt;
  const id = /\/rollbacks\/([^/?]+)/.exec(answer.headers.get('location') ?? '')?.[1];
  if (id === undefined) throw new Halt(`The press was answered with ${answer.status} (call ${since}).`);
  for (let calls = []; ; await pause(50)) {
    calls = (await callsSince(stand.simulator, drawn)).filter((call) => !isOfSweep(call));
    const change = calls.findIndex(({ operation }) => operation === 'UpdateService');
    if (change === -1) continue;
    const until = calls.slice(0, change + 1);
    const writes = saidOf(until.filter(({ operation }) => /^(Register|Update|Stop)/.test(operation)));
    console.error(`Press: ${saidOf(until)}`);
    return { id, ms, calls: until, writes, wireMs: Date.parse(until.at(-1).at) - pressedAt };
  }
}

/** Polls as two hundred open pages make them, for fifteen seconds. */
async function watch({ stand, people, id }) {
  const url = `${stand.url}/rollbacks/${id}/progress`;
  const tags = new Map();
  const poll = async (viewer) => {
    const tag = tags.get(viewer);
    const answer = await visit(url, {
      ...people[viewer % people.length],
      headers: tag ? { 'if-none-match': tag } : {},
    });
    if (answer.headers.etag) tags.set(viewer, answer.headers.etag);
    return answer;
  };
  const { answer: polls, calls } = await callsDuring(stand, () =>
    visitsOver(15_000, 600, (index) => poll(index % 200)),
  );
  const unchanged = polls.filter(({ status }) => status === 304).length;
  const errors = errorsIn(polls, [200, 304]);
  const own = calls.filter((call) => !isOfSweep(call));
  console.error(`200 watch for 15 s: ${saidOf(own)}`);
  const reads = own.filter(({ operation }) => operation === 'DescribeServices').length;
  const mean = polls.reduce((sum, { allBytes = 0 }) => sum + allBytes, 0) / polls.length;
  return [
    {
      name: '200 watch it for 15 s, reads of the service',
      calls: reads,
      least: 3,
      visits: polls,
      bytes: mean,
      words: `${errors.length} errors, ${Math.round((unchanged / polls.length) * 100)} % unchanged`,
    },
  ];
}
