import { splitHidden } from './hidden-characters';

/** As much of a hast tree as is needed here. */
type TreeNode = { type: string; value?: string; tagName?: string; properties?: object; children?: TreeNode[] };

function marked(node: TreeNode): TreeNode[] {
  if (node.type !== 'text' || node.value === undefined) return [node];
  return splitHidden(node.value).map((piece) =>
    piece.kind === 'text'
      ? { type: 'text', value: piece.text }
      : {
          type: 'element',
          tagName: 'mark',
          properties: { name: piece.name },
          children: [{ type: 'text', value: piece.code }],
        },
  );
}

/** Rehype plugin: puts a `<mark name="…">` with the stand-in text where a character is that would not be seen. */
export const markHidden = () => (tree: TreeNode) => {
  const waiting = [tree];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (!node.children) continue;
    waiting.push(...node.children);
    node.children = node.children.flatMap(marked);
  }
};
