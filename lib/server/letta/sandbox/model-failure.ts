import { LettaRefusal } from './letta-refusal';

const failures = {
  llm_error: {
    status: 500,
    stopReason: 'llm_api_error',
    streamType: 'llm_error',
    message: 'An error occurred with the LLM request.',
  },
  llm_rate_limit: {
    status: 429,
    stopReason: 'llm_api_error',
    streamType: 'llm_rate_limit',
    message: 'Rate limit exceeded for LLM model provider. Please wait before making another request.',
  },
  llm_authentication: {
    status: 401,
    stopReason: 'llm_api_error',
    streamType: 'llm_authentication',
    message: 'Authentication failed with the LLM model provider.',
  },
  // The streaming half of the server does not know this type and reports its parent's.
  llm_bad_request: {
    status: 400,
    stopReason: 'llm_api_error',
    streamType: 'llm_error',
    message: 'The request to the LLM model provider was invalid.',
  },
} as const;

export type ModelFailureType = keyof typeof failures;
export const modelFailureTypes = Object.keys(failures) as [ModelFailureType, ...ModelFailureType[]];

/** The model could not be asked. Nothing of the step that asked it is kept. */
export class ModelFailure extends Error {
  readonly type: ModelFailureType;

  constructor(type: ModelFailureType, detail: string) {
    super(detail);
    this.name = 'ModelFailure';
    this.type = type;
  }

  get stopReason(): string {
    return failures[this.type].stopReason;
  }

  /** `error_type` and `message` of the frame that ends a stream. */
  get streamed(): { errorType: string; message: string } {
    const { streamType, message } = failures[this.type];
    return { errorType: streamType, message };
  }

  /** The same as the answer of a request that does not stream. */
  toRefusal(): LettaRefusal {
    const { status, message } = failures[this.type];
    return new LettaRefusal(status, { error: { type: this.type, message, detail: this.message } }, this.message);
  }
}
