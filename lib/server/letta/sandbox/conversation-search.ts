import { z } from 'zod';
import type { JsonObject } from '@/lib/protocol/json';
import { zonedDate } from './letta-time';
import { newestMessages } from './message-store';
import { pythonRepr } from './python-text';
import { inputText, type StoredMessage } from './stored-message';
import type { ToolWork } from './tool-work';

const Search = z.object({ query: z.string().default(''), limit: z.number().int().min(1).max(50).default(5) });

function spoken({ body }: StoredMessage): { role: string; text: string } | null {
  if (body.role === 'user' || body.role === 'system') return { role: body.role, text: inputText(body) };
  if (body.role !== 'assistant') return null;
  const texts = body.content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  return texts.length > 0 ? { role: 'assistant', text: texts.join('\n') } : null;
}

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
] as const;

function ago(elapsedMs: number): string {
  const seconds = Math.floor(elapsedMs / 1_000);
  const [unit, length] = UNITS.find(([, size]) => seconds >= size) ?? ['s', 1];
  return `${Math.floor(seconds / length)}${unit} ago`;
}

/** Texts of the agent's own history that contain the query, newest first; returns the text of a Python dictionary. */
export const searchConversation: ToolWork = async ({ sandbox, agent, args }) => {
  const { query, limit } = Search.parse(args);
  const wanted = query.toLowerCase();
  const found = (await newestMessages(sandbox, agent.id))
    .flatMap((message) => {
      const said = message.runId === null ? null : spoken(message);
      return said ? [{ ...said, at: message.createdAt }] : [];
    })
    .filter((said) => said.text.toLowerCase().includes(wanted))
    .slice(0, limit);
  if (found.length === 0) return pythonRepr({ message: 'No results found.', results: [] });
  const results: JsonObject[] = found.map((said) => ({
    timestamp: zonedDate(said.at).replace('Z', '+00:00'),
    time_ago: ago(sandbox.clock.now().getTime() - said.at.getTime()),
    role: said.role,
    relevance: { search_mode: 'sql' },
    content: said.text,
  }));
  return pythonRepr({ message: `Showing ${found.length} results:`, results });
};
