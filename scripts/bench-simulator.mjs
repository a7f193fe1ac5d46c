// `node scripts/bench-simulator.mjs [--rate 1000] [--seconds 20] [--calls 100000] [--scenario notify]`
// How the simulator bears a steady stream of mixed reads, and whether its memory stays flat over many calls.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '20' },
    calls: { type: 'string', default: '100000' },
    scenario: { type: 'string', default: 'notify' },
  },
});
const RATE = Number(values.rate);
const SECONDS = Number(values.seconds);
const CALLS = Number(values.calls);
const TICK_MS = 10;

const ACCOUNT = '111111111111';
const TARGETS = { ecs: 'AmazonEC2ContainerServiceV20141113', ecr: 'AmazonEC2ContainerRegistry_V20150921' };
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

const simulator = spawn(process.execPath, ['--import', 'tsx', 'simulator/main.ts'], {
  cwd: ROOT,
  env: { ...process.env, SIMULATOR_PORT: '0', SIMULATOR_SCENARIO: values.scenario, SIMULATOR_WORLD: '' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const url = await new Promise((resolve, reject) => {
  simulator.stdout.on('data', (line) => resolve(/http:\S+/.exec(String(line))?.[0]));
  simulator.on('exit', (code) => reject(new Error(`the simulator ended with ${code}`)));
});
const { port } = new URL(url);

function call({ service, operation, input }) {
  const target = TARGETS[service];
  const form = new URLSearchParams({ Action: operation, Version: '2015-12-01', ...input });
  const body = target ? JSON.stringify(input) : String(form);
  const headers = {
    ...(target && { 'x-amz-target': `${target}.${operation}` }),
    'content-length': Buffer.byteLength(body),
    authorization: `AWS4-HMAC-SHA256 Credential=AKIA${ACCOUNT}DEMO/20260101/eu-west-1/${service}/aws4_request`,
  };
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', method: 'POST', headers, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode, text }));
    });
    sent.on('error', reject).end(body);
  });
}

const ecs = async (operation, input) => JSON.parse((await call({ service: 'ecs', operation, input })).text);

/** Reads as dashboards mix them, over everything one cluster has. */
async function mixedReads() {
  const { clusterArns } = await ecs('ListClusters', {});
  const reads = [];
  for (const cluster of clusterArns.slice(0, 3).map((arn) => arn.split('/').at(-1))) {
    const { serviceArns } = await ecs('ListServices', { cluster, maxResults: 100 });
    const { services } = await ecs('DescribeServices', { cluster, services: serviceArns.slice(0, 10) });
    const { taskArns } = await ecs('ListTasks', { cluster });
    const read = (operation, input) => reads.push({ service: 'ecs', operation, input });
    for (let first = 0; first < serviceArns.length; first += 10) {
      read('DescribeServices', { cluster, services: serviceArns.slice(first, first + 10) });
    }
    for (const { serviceName, taskDefinition, currentServiceDeployment, loadBalancers } of services) {
      read('ListServices', { cluster, maxResults: 100 });
      read('ListServiceDeployments', { cluster, service: serviceName });
      read('ListTaskDefinitions', { familyPrefix: serviceName, sort: 'DESC' });
      read('DescribeTaskDefinition', { taskDefinition, include: ['TAGS'] });
      read('ListTasks', { cluster, serviceName });
      read('DescribeTasks', { cluster, tasks: taskArns.slice(0, 10) });
      if (currentServiceDeployment) {
        read('DescribeServiceDeployments', { serviceDeploymentArns: [currentServiceDeployment] });
      }
      const group = loadBalancers[0]?.targetGroupArn;
      if (group) {
        const input = { TargetGroupArn: group };
        reads.push({ service: 'elasticloadbalancing', operation: 'DescribeTargetHealth', input });
      }
    }
  }
  return reads;
}

const memoryMiB = () =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${simulator.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
/** Processor time the simulator has used, in seconds. */
const cpuSeconds = () => {
  const [user, system] = readFileSync(`/proc/${simulator.pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13);
  return (Number(user) + Number(system)) / 100;
};
const rounded = (ms) => `${ms.toFixed(1)} ms`;

async function steadyStream(reads) {
  const latencies = [];
  const failures = [];
  const open = new Set();
  const total = RATE * SECONDS;
  const began = performance.now();
  const cpu = cpuSeconds();
  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - began) / 1000) * RATE));
    for (; sent < due; sent += 1) {
      // Counted from when it was due, so that a simulator that falls behind shows it.
      const dueAt = began + (sent / RATE) * 1000;
      const one = call(reads[sent % reads.length])
        .then(({ status }) => (status === 200 ? latencies.push(performance.now() - dueAt) : failures.push(status)))
        .catch((error) => failures.push(error.message))
        .finally(() => open.delete(one));
      open.add(one);
    }
    await pause(TICK_MS);
  }
  const waiting = open.size;
  await Promise.all(open);
  const took = (performance.now() - began) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (share) => rounded(latencies[Math.floor(latencies.length * share)] ?? Number.NaN);
  console.log(
    `${RATE} a second for ${SECONDS} s: ${latencies.length} answered in ${took.toFixed(1)} s, ${failures.length} failed,`,
  );
  console.log(
    `  ${waiting} still open at the end; half within ${at(0.5)}, 99 of 100 within ${at(0.99)}, all within ${at(0.999999)}`,
  );
  console.log(`  the simulator used ${(((cpuSeconds() - cpu) / took) * 100).toFixed(0)} % of a core`);
  if (failures.length > 0) console.log(`  first failure: ${failures[0]}`);
}

async function manyCalls(reads) {
  const tenth = Math.ceil(CALLS / 10);
  const memory = [memoryMiB()];
  const began = performance.now();
  let sent = 0;
  const worker = async (until) => {
    while (sent < until) await call(reads[sent++ % reads.length]);
  };
  for (let part = 1; part <= 20; part += 1) {
    await Promise.all(Array.from({ length: 16 }, () => worker(part * tenth)));
    memory.push(memoryMiB());
  }
  const rate = Math.round(sent / ((performance.now() - began) / 1000));
  console.log(`${sent} calls, ${rate} a second at full speed; memory every ${tenth} calls, in MiB:`);
  console.log(`  ${memory.join(' ')}`);
}

const reads = await mixedReads();
console.log(`Scenario ${values.scenario}, ${reads.length} different reads, Node ${process.version}`);
await steadyStream(reads);
await manyCalls(reads);
simulator.removeAllListeners('exit');
simulator.kill();
agent.destroy();
