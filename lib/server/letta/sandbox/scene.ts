import type { Exchange } from './exchange';
import type { ModelRequest } from './model';
import type { Persona } from './persona';

/** What the rules of the companion are given: where an agent is, who it is, and what it can do. */
export type Scene = { request: ModelRequest; exchange: Exchange; persona: Persona; tools: Set<string> };
