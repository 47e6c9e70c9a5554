import { connect } from 'node:net';
import type { DoctorCheck, DoctorReport } from '@/lib/protocol/doctor';
import type { LettaDialect } from '@/lib/protocol/letta-server';

const TIMEOUT_MS = 5_000;
const SHOWN_BYTES = 600;

type Target = { dialect: LettaDialect; url: string; token: string | null };
type Step = { name: string; try: () => Promise<{ detail: string }> };

/** Why a check failed: what it did and what came back, and what a person can do. */
class Finding extends Error {
  readonly cameBack: string | null;
  readonly advice: string;

  constructor(detail: string, options: { cameBack?: string; advice: string }) {
    super(detail);
    this.cameBack = options.cameBack ?? null;
    this.advice = options.advice;
  }
}

/** Tries step by step what it takes to talk to a Letta server of the REST dialect, and stops at the first that fails. */
export async function examineLetta(target: Target): Promise<DoctorReport> {
  const steps = target.dialect === 'rest' ? restSteps(target) : [notBuilt];
  const checks: DoctorCheck[] = [];
  let finding: Finding | null = null;
  for (const step of steps) {
    if (finding) {
      checks.push({ name: step.name, detail: '', state: 'not_tried', ms: null });
      continue;
    }
    const began = performance.now();
    const ms = () => Math.round((performance.now() - began) * 10) / 10;
    try {
      const { detail } = await step.try();
      checks.push({ name: step.name, detail, state: 'passed', ms: ms() });
    } catch (error) {
      finding =
        error instanceof Finding ? error : new Finding(String(error), { advice: 'Look at the server’s own log.' });
      checks.push({ name: step.name, detail: finding.message, state: 'failed', ms: ms() });
    }
  }
  return { checks, cameBack: finding?.cameBack ?? null, advice: finding?.advice ?? null };
}

const notBuilt: Step = {
  name: 'Speak the App Server dialect',
  try: () =>
    Promise.reject(
      new Finding('This version of Parley does not speak it yet.', { advice: 'Connect a server of the REST dialect.' }),
    ),
};

function restSteps({ url, token }: Target): Step[] {
  const base = new URL(url);
  const port = Number(base.port || (base.protocol === 'https:' ? 443 : 80));
  const host = base.hostname.replace(/^\[|\]$/g, '');
  return [
    { name: `Open TCP ${host}:${port}`, try: () => openTcp(host, port) },
    { name: 'Ask whether it is well', try: () => askHealth(base) },
    { name: token ? 'Present the token' : 'Come in without a token', try: () => askAgents(base, token) },
    { name: 'List models', try: () => askModels(base, token) },
  ];
}

function openTcp(host: string, port: number): Promise<{ detail: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const fail = (why: string) => {
      socket.destroy();
      const advice = 'Is the server running, and is this its address and port? From this machine, try:\n$ letta server';
      reject(new Finding(`${host}:${port} ${why}`, { advice }));
    };
    socket.setTimeout(TIMEOUT_MS, () => fail('did not answer within 5 s'));
    socket.once('error', (error) => fail(`refused: ${error.message}`));
    socket.once('connect', () => {
      socket.destroy();
      resolve({ detail: '' });
    });
  });
}

type Answer = { status: number; statusText: string; headers: Headers; text: string };

async function get(base: URL, path: string, token: string | null): Promise<Answer> {
  const address = new URL(`${base.pathname.replace(/\/(v1\/?)?$/, '')}${path}`, base);
  try {
    // biome-ignore lint/style/noRestrictedGlobals: the doctor speaks plain HTTP on purpose, beside the client it examines for
    const response = await fetch(address, {
      headers: token ? { Authorization: `Bearer ${token}` } : {},
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const { status, statusText, headers } = response;
    return { status, statusText, headers, text: (await response.text()).slice(0, SHOWN_BYTES) };
  } catch (error) {
    throw new Finding(`GET ${path} got no answer: ${error instanceof Error ? error.message : String(error)}`, {
      advice:
        'The port is open, but nothing there speaks HTTP in time. Is it another program’s port, or https instead of http?',
    });
  }
}

const shown = ({ status, statusText, headers, text }: Answer): string =>
  [`HTTP ${status} ${statusText}`, `content-type: ${headers.get('content-type') ?? 'none'}`, '', text].join('\n');

async function askHealth(base: URL): Promise<{ detail: string }> {
  const answer = await get(base, '/v1/health/', null);
  if (answer.status === 200 && answer.text.includes('version')) return { detail: 'GET /v1/health/ came back 200' };
  throw new Finding(`GET /v1/health/ came back ${answer.status}`, {
    cameBack: shown(answer),
    advice: 'Something answers, but not as a Letta server of the REST dialect does. Look at the address.',
  });
}

async function askAgents(base: URL, token: string | null): Promise<{ detail: string }> {
  const answer = await get(base, '/v1/agents/?limit=1', token);
  const presented = token ? ` with Authorization: Bearer …${token.slice(-4)}` : '';
  if (answer.status === 200) return { detail: `GET /v1/agents/${presented} came back 200` };
  const advice =
    answer.status === 401 || answer.status === 403
      ? token
        ? 'The server refuses this token. For Letta’s own server it is the value of LETTA_SERVER_PASSWORD; for Letta Cloud an API key of your account.'
        : 'The server asks for a token. For Letta’s own server it is the value of LETTA_SERVER_PASSWORD; for Letta Cloud an API key of your account.'
      : 'The server is well, but cannot list its agents. Look at its own log.';
  throw new Finding(`GET /v1/agents/${presented} came back ${answer.status}`, { cameBack: shown(answer), advice });
}

async function askModels(base: URL, token: string | null): Promise<{ detail: string }> {
  const answer = await get(base, '/v1/models/', token);
  if (answer.status !== 200) {
    throw new Finding(`GET /v1/models/ came back ${answer.status}`, {
      cameBack: shown(answer),
      advice: 'Agents can be watched, but none can be made. Look at the server’s own log.',
    });
  }
  if (answer.text.trim() === '[]') {
    throw new Finding('GET /v1/models/ came back with no model', {
      cameBack: shown(answer),
      advice: 'Give the server a model provider, for instance OPENAI_API_KEY in its environment, and start it again.',
    });
  }
  return { detail: 'GET /v1/models/ came back 200' };
}
