const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** A number of things, as people write it: `1,148`. */
export const countText = (count: number): string => whole.format(count);

/** A number of things with their name: `1 task`, `1,148 tasks`. */
export const counted = (count: number, name: string): string => `${countText(count)} ${name}${count === 1 ? '' : 's'}`;
