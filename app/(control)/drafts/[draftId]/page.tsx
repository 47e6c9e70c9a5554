/** The inbox is drawn by the layout; the address says which draft stands beside it. */
export default function DraftPage() {
  return null;
}
