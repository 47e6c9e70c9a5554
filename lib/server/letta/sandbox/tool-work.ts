import type { JsonObject } from '@/lib/protocol/json';
import type { Sandbox } from './sandbox-context';

/** One run of a tool, as one agent, with arguments that nobody has checked yet. */
export type ToolRun = { sandbox: Sandbox; agent: { id: string }; args: JsonObject };

/** What a tool does; resolves with what it returns. */
export type ToolWork = (run: ToolRun) => Promise<string>;

/** A tool that did not work; `type` is the name that Python would give the exception. */
export class ToolFailure extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.name = 'ToolFailure';
    this.type = type;
  }
}
