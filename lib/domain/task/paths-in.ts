const ADDRESS = /\b[a-z][a-z\d+.-]*:\/\/\S+/gi;
/** With a directory, and a name that ends like a file's: fractions, dates, `and/or` and commands are none. */
const IN_DIRECTORY = /(?:[\w.@~-]*\/)+[\w.@-]*\.[a-z]\w{0,7}\b/gi;
const BARE =
  /(?<![\w./@~-])[\w-][\w.-]*\.(?:md|mdx|txt|rst|jsonl?|ya?ml|toml|ini|cfg|conf|env|lock|log|[ct]sv|xml|html?|s?css|[cm]?[jt]sx?|vue|py|ipynb|rb|go|rs|java|kt|swift|[ch](?:c|pp)?|cs|php|sh|sql|prisma|proto|pdf|png|jpe?g|svg|gif)\b/gi;
/** Node.js and its like are no files. */
const PRODUCT = /^[A-Z][a-z]+\.js$/;

/**
 * What surely is the path or name of a file in the words of an evidence. Rather too little than too much: whoever claims
 * a file that no runner saw is told so.
 */
export function pathsIn(text: string): string[] {
  const words = text.replace(ADDRESS, ' ');
  const inDirectories = words.match(IN_DIRECTORY) ?? [];
  const bare = words.replace(IN_DIRECTORY, ' ').match(BARE) ?? [];
  return [...inDirectories, ...bare.filter((name) => !PRODUCT.test(name))];
}
