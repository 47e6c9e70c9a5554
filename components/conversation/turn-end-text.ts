const words: Record<string, string> = {
  not_sent: 'Not sent',
  lost: 'Outcome unknown',
  call_gone: 'Not needed any more',
  interrupted: 'Interrupted',
  cancelled: 'Cancelled',
  max_steps: 'Stopped at its step limit',
  max_tokens_exceeded: 'Stopped at its token limit',
  llm_api_error: 'The model failed',
  invalid_llm_response: 'The model answered badly',
  invalid_tool_call: 'The model called a tool wrongly',
  no_tool_call: 'The model called no tool',
  context_window_overflow_in_system_prompt: 'Its instructions do not fit into the model',
  insufficient_credits: 'The credits of the server are used up',
  error: 'Failed',
};

const sayAgain = 'Say it again below; what was said before stays.';
const lookAtModel = 'Say it again below, or give the agent another model on its page.';
const advices: Record<string, string> = {
  not_sent: 'The agent’s server did not take it, and nothing of it was kept. Say it again when that is settled.',
  lost: 'Nothing is known of how this turn ended. Look at what the agent does next before you say it again.',
  call_gone: 'The call was answered or given up at its server. Say something below to go on.',
  interrupted: sayAgain,
  cancelled: 'It was stopped at its server. Say it again below to go on.',
  max_steps: 'It made as many steps as its server allows. Tell it to go on.',
  max_tokens_exceeded: 'It wrote as much as its model allows. Tell it to go on, in shorter pieces.',
  llm_api_error: lookAtModel,
  invalid_llm_response: lookAtModel,
  invalid_tool_call: lookAtModel,
  no_tool_call: lookAtModel,
  context_window_overflow_in_system_prompt: 'Shorten its memory blocks on its page.',
  insufficient_credits: 'Whoever looks after the server can add some.',
  error: sayAgain,
};

/** Somebody wanted these: they are told without alarm. */
const wanted = ['interrupted', 'cancelled', 'call_gone'];

/** How a turn came to no good end: a word, the engine's own words where it gave any, and what can be done. */
export function turnEndText(
  stopReason: string,
  error: string | null,
): { word: string; detail: string | null; advice: string; isFailure: boolean } {
  const word = words[stopReason] ?? stopReason.replaceAll('_', ' ');
  return {
    word,
    detail: error,
    advice: advices[stopReason] ?? sayAgain,
    isFailure: error !== null || !wanted.includes(stopReason),
  };
}
