/** How a task's command is set: one for a program in mono, words in the type of all other words. */
export const commandClass = (command: string): string =>
  command.startsWith('/') ? 'font-mono text-mono font-name' : 'font-name';
