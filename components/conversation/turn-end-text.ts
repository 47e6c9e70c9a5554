const words: Record<string, string> = {
  not_sent: 'Not sent',
  lost: 'Outcome unknown',
  interrupted: 'Interrupted',
  cancelled: 'Cancelled',
  max_steps: 'Stopped at its step limit',
  max_tokens_exceeded: 'Stopped at its token limit',
  llm_api_error: 'The model failed',
  invalid_llm_response: 'The model answered badly',
  error: 'Failed',
};
const details: Record<string, string> = {
  not_sent: 'The agent’s server did not take it.',
  lost: 'Nothing is known of how this turn ended. Look at what the agent does next before you say it again.',
};

/** How a turn came to no good end: a word, and what more is known of it. */
export function turnEndText(stopReason: string, error: string | null): { word: string; detail: string | null } {
  return { word: words[stopReason] ?? stopReason.replaceAll('_', ' '), detail: error ?? details[stopReason] ?? null };
}
