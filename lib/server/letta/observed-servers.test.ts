import { expect, test } from 'vitest';
import { LettaServer } from '@/lib/protocol/letta-server';
import { observedServers } from './observed-servers';

const since = '2026-11-21T12:00:00.000Z';
const about = {
  dialect: 'rest',
  origin: 'person',
  sandbox: false,
  state: 'connected',
  version: null,
  reason: null,
  since,
};
const servers = (...named: [string, string, string | null][]) => {
  const tokens = new Map(named.map(([name, , token]) => [name, token]));
  const list = named.map(([name, url, token]) => LettaServer.parse({ ...about, name, url, hasToken: token !== null }));
  return observedServers({ list: () => list, tokenOf: (name) => tokens.get(name) ?? null }).map(({ name }) => name);
};

test('[LS5] a server that is named twice is looked at once, under its first name', () => {
  expect(
    servers(
      ['letta', 'http://localhost:8283', null],
      ['again', 'http://127.0.0.1:8283/v1/', null],
      ['once-more', 'http://[::1]:8283/', null],
      ['other', 'http://127.0.0.1:8284', null],
    ),
  ).toEqual(['letta', 'other']);
});

test('[LS5] accounts of one address are servers of their own', () => {
  const cloud = 'https://api.letta.com';
  expect(servers(['mine', cloud, 'token-1'], ['yours', cloud, 'token-2'])).toEqual(['mine', 'yours']);
});
