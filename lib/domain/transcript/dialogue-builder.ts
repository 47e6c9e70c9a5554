import type { z } from 'zod';
import type { Actor } from '@/lib/protocol/actor';
import type { EntryType, entryPayloads } from '@/lib/protocol/entry';
import { SeatId } from '@/lib/protocol/ids';
import type { JsonObject } from '@/lib/protocol/json';
import { conversationStream } from '@/lib/protocol/stream';
import { ToldEntry } from '@/lib/protocol/told-entry';
import type { TranscriptSeat } from './read-entry';

/** What a test writes of a payload: brands are put on by parsing. */
type Written<T extends EntryType> = z.input<(typeof entryPayloads)[T]>;
type SeenInput = Partial<Written<'message.seen'>> & Pick<Written<'message.seen'>, 'seat' | 'messageType'>;

export const alice: TranscriptSeat = { id: SeatId.parse('a'), agentId: 'agent-alice', name: 'Alice' };
export const bob: TranscriptSeat = { id: SeatId.parse('b'), agentId: 'agent-bob', name: 'Bob' };
export const carol: TranscriptSeat = { id: SeatId.parse('c'), agentId: 'agent-carol', name: 'Carol' };
export const mira: Actor = { kind: 'person', id: 'person-mira', name: 'Mira Okafor' };

const conversationId = '0193a000-0000-7000-8000-000000000000';
export const uuid = (n: number): string => `0193a000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

/** Writes the entries of one conversation's stream for tests, one after the other, on a clock that only it moves. */
export class DialogueBuilder {
  readonly entries: ToldEntry[] = [];
  private nowMs = Date.parse('2026-11-21T11:40:52.000Z');

  /** Lets time pass before the next entry. */
  after(ms: number): this {
    this.nowMs += ms;
    return this;
  }

  write<T extends EntryType>(type: T, payload: Written<T>, actor: Actor = mira): this {
    return this.raw(type, JSON.parse(JSON.stringify(payload)), actor);
  }

  /** An entry of any type and shape; `payload` null is a redacted one. */
  raw(type: string, payload: JsonObject | null, actor: Actor = mira): this {
    const streamSeq = this.entries.length + 1;
    const at = new Date(this.nowMs).toISOString();
    const envelope = {
      seq: 1000 + streamSeq * 3,
      streamSeq,
      id: uuid(streamSeq),
      stream: conversationStream(conversationId),
    };
    this.entries.push(
      ToldEntry.parse({ ...envelope, type, actor, occurredAt: at, receivedAt: at, cause: null, payload }),
    );
    return this;
  }

  /** A message of an agent's transcript. Ids follow from its position where none are given. */
  seen({ seat, ...message }: SeenInput): this {
    const messageId = `message-${this.entries.length + 1}`;
    const ids = { runId: 'run-1', stepId: null, otid: null, senderId: null, senderName: null };
    const date = new Date(this.nowMs).toISOString();
    const agent = [alice, bob, carol].find((one) => one.id === seat);
    const actor: Actor = { kind: 'agent', id: agent?.agentId ?? 'agent-x', name: agent?.name ?? 'Nobody' };
    return this.write('message.seen', { messageId, date, ...ids, ...message, seat }, actor);
  }

  spoken(to: 'a' | 'b' | 'c', content: string, n: number): this {
    return this.write('message.spoken', { to, content, personId: mira.id, turnId: uuid(n), otid: `otid-${n}` });
  }

  /** A person says something as a seat, which crosses to another. */
  spokenAs(as: 'a' | 'b' | 'c', to: 'a' | 'b' | 'c', content: string, n: number): this {
    const spokenOtid = `otid-${n}`;
    this.write('message.spoken', { as, content, personId: mira.id, turnId: uuid(n), otid: spokenOtid });
    return this.write('message.sent', {
      conveyanceId: uuid(n + 4000),
      from: as,
      to,
      content,
      mode: 'none',
      messageId: spokenOtid,
      toolCallId: null,
      toName: nameOf(to),
      toAgentId: `agent-${nameOf(to).toLowerCase()}`,
      fromTurnId: uuid(n),
      turnId: uuid(n + 5000),
      spokenOtid,
    });
  }

  /** One message from call to answer, as conveyance `tool` tells it; `until` cuts the story short. */
  conveyed(from: 'a' | 'b' | 'c', to: 'a' | 'b' | 'c', content: string, n: number, until: Until = 'answered'): this {
    const toolCall = {
      toolCallId: `call-${n}`,
      name: 'send_message_to_agent_async',
      arguments: JSON.stringify({ message: content }),
    };
    const steps = ['called', 'sent', 'received', 'confirmed', 'answered'] as const;
    const ends = { conveyanceId: uuid(n), from, to, content };
    const told = {
      called: () =>
        this.seen({ seat: from, messageType: 'approval_request_message', toolCall, messageId: `call-message-${n}` }),
      sent: () =>
        this.write('message.sent', {
          ...ends,
          mode: 'receipt',
          messageId: `call-message-${n}`,
          toolCallId: toolCall.toolCallId,
          toName: nameOf(to),
          toAgentId: `agent-${nameOf(to).toLowerCase()}`,
          fromTurnId: uuid(n + 2000),
          turnId: uuid(n + 1000),
        }),
      received: () =>
        this.after(200).write('message.received', {
          ...ends,
          otid: `otid-${n}`,
          turnId: uuid(n + 1000),
          latencyMs: 198,
        }),
      confirmed: () =>
        this.seen({
          seat: to,
          messageType: 'system_message',
          otid: `otid-${n}`,
          content: `[Incoming message] ${content}`,
        }),
      answered: () => this.answered(from, n),
    };
    for (const step of steps.slice(0, steps.indexOf(until) + 1)) told[step]();
    return this;
  }

  private answered(from: string, n: number): void {
    const text = 'Successfully sent message';
    const toolCallId = `call-${n}`;
    this.write('message.answered', { conveyanceId: uuid(n), toolCallId, status: 'success', text });
    const toolReturn = { toolCallId, name: null, status: 'success' as const, text };
    this.seen({ seat: from, messageType: 'tool_return_message', toolReturn });
  }
}

type Until = 'called' | 'sent' | 'received' | 'confirmed' | 'answered';
const nameOf = (seat: string) => [alice, bob, carol].find((one) => one.id === seat)?.name ?? 'Nobody';
