const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** A number of things, as people write it: `1,148`. */
export const countText = (count: number): string => whole.format(count);
