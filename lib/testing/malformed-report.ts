import fc from 'fast-check';
import type { JsonValue } from '@/lib/protocol/json';
import { seedReports } from './seed-reports';

/** What names the event of a report: it must be there. */
export const namingField: Readonly<Record<string, string>> = {
  INITIALIZATION: 'command',
  PROGRESS_UPDATE: 'status',
  MILESTONE_COMPLETED: 'milestone',
  ERROR_REPORT: 'error_type',
  COMPLETION: 'status',
  HANDOFF_REQUEST: 'ready_for_handoff',
};
const seed = fc.constantFrom(...seedReports);

/** A message of the seed with one thing wrong, and what that is; or what is no message at all. */
export const malformedReport: fc.Arbitrary<{ message: JsonValue; field: string }> = fc.oneof(
  // A member of another type.
  seed.chain((message) =>
    fc
      .tuple(
        fc.constantFrom(...Object.keys(message)),
        fc.constantFrom<JsonValue>(null, { not: 'this' }, [1], [null], 1e9, -1),
      )
      .filter(
        ([field, value]) =>
          field !== 'handoff_data' || value === null || typeof value !== 'object' || Array.isArray(value),
      )
      .map(([field, value]) => ({ message: { ...message, [field]: value } as JsonValue, field })),
  ),
  // What must be there and is not.
  seed.chain((message) =>
    fc.constantFrom('type', 'timestamp', 'agent_id', namingField[message.type] ?? 'type').map((field) => ({
      message: Object.fromEntries(Object.entries(message).filter(([name]) => name !== field)) as JsonValue,
      field,
    })),
  ),
  // Empty, or out of range, or no time in UTC.
  fc
    .constantFrom(
      { message: { ...seedReports[0], command: '' }, field: 'command' },
      { message: { ...seedReports[0], agent_id: '' }, field: 'agent_id' },
      { message: { ...seedReports[0], agent_id: 'a\0' }, field: 'agent_id' },
      { message: { ...seedReports[0], timestamp: '2025-07-15T19:30:00' }, field: 'timestamp' },
      { message: { ...seedReports[0], timestamp: '2025-07-15T19:30:00+02:00' }, field: 'timestamp' },
      { message: { ...seedReports[0], timestamp: '2025-02-30T19:30:00Z' }, field: 'timestamp' },
      { message: { ...seedReports[1], progress_percentage: 100.1 }, field: 'progress_percentage' },
      { message: { ...seedReports[1], progress_percentage: '45' }, field: 'progress_percentage' },
      { message: { ...seedReports[1], status: 'DONE' }, field: 'status' },
      { message: { ...seedReports[2], milestone: '' }, field: 'milestone' },
      { message: { ...seedReports[3], error_type: '' }, field: 'error_type' },
      { message: { ...seedReports[5], control_transfer: 'NOT YET' }, field: 'control_transfer' },
    )
    .map(({ message, field }) => ({ message: JSON.parse(JSON.stringify(message)) as JsonValue, field })),
  fc.constantFrom<JsonValue>(null, 1, 'x', true, [], [seedReports[0].type]).map((message) => ({ message, field: '' })),
);
