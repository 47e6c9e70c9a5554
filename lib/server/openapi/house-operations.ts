import type { OperationTable } from './operation';

/** The house itself: its state, its Letta servers, its settings, its log. */
export const houseOperations: OperationTable = {
  'GET /api/health': {
    access: 'open',
    summary: 'How Parley is; 503 while it cannot record anything',
    answers: { 200: 'Health', 503: 'Health' },
  },
  'GET /api/openapi.json': {
    access: 'open',
    summary: 'This description',
    answers: { 200: 'JsonObject' },
  },
  'GET /api/letta-servers': {
    access: 'viewer',
    summary: 'Letta servers, with the state of each',
    answers: { 200: 'LettaServerPage' },
  },
  'POST /api/letta-servers': {
    access: 'admin',
    summary: 'Connects a Letta server; one that cannot be reached is kept, with that state',
    body: 'AddLettaServer',
    answers: { 201: 'LettaServer' },
    refusals: ['server.taken'],
  },
  'POST /api/letta-servers/doctor': {
    access: 'admin',
    summary: 'Tries an address step by step before it is saved; a finding is an answer',
    body: 'LettaAddress',
    answers: { 200: 'DoctorReport' },
  },
  'GET /api/letta-servers/[server]': {
    access: 'viewer',
    summary: 'One Letta server',
    answers: { 200: 'LettaServer' },
    refusals: ['letta_server.not_found'],
  },
  'PATCH /api/letta-servers/[server]': {
    access: 'admin',
    summary: 'Gives a Letta server another address or token',
    body: 'ChangeLettaServer',
    answers: { 200: 'LettaServer' },
    refusals: ['letta_server.not_found', 'letta_server.fixed'],
  },
  'DELETE /api/letta-servers/[server]': {
    access: 'admin',
    summary: 'Lets go of a Letta server',
    answers: { 200: 'LettaServer' },
    refusals: ['letta_server.not_found', 'letta_server.fixed'],
  },
  'POST /api/letta-servers/[server]/doctor': {
    access: 'operator',
    summary: 'Tries a saved server step by step; a finding is an answer',
    answers: { 200: 'DoctorReport' },
    refusals: ['letta_server.not_found'],
  },
  'GET /api/settings': {
    access: 'viewer',
    summary: 'Settings of the workspace',
    answers: { 200: 'Settings' },
  },
  'PUT /api/settings': {
    access: 'admin',
    summary: 'Sets what is given; the rest stays',
    body: 'ChangeSettings',
    answers: { 200: 'Settings' },
    refusals: ['letta_server.fixed'],
  },
  'PATCH /api/settings': {
    access: 'admin',
    summary: 'Sets what is given; the rest stays',
    body: 'ChangeSettings',
    answers: { 200: 'Settings' },
    refusals: ['letta_server.fixed'],
  },
  'GET /api/audit/entries': {
    access: 'viewer',
    summary: 'Entries of the whole ledger that pass a filter, ascending',
    query: 'LedgerQuery',
    answers: { 200: 'EntryPage' },
  },
  'GET /api/audit/checkpoint': {
    access: 'viewer',
    summary: 'The newest checkpoint, a C2SP signed note',
    answers: { 200: 'text/plain' },
  },
  'GET /api/audit/key': {
    access: 'viewer',
    summary: 'The verifier keys of the checkpoints, one a line',
    answers: { 200: 'text/plain' },
  },
  'GET /api/audit/proof': {
    access: 'viewer',
    summary:
      'That an entry is in the log (`seq`), or that the log of one size begins with that of another (`from`, `to`)',
    query: 'ProofQuery',
    answers: { 200: 'Proof' },
    refusals: ['entry.not_found'],
  },
  'GET /api/audit/export': {
    access: 'viewer',
    summary: 'The ledger, or one stream of it, as lines that prove themselves',
    query: 'ExportQuery',
    answers: { 200: 'application/x-ndjson' },
  },
};
