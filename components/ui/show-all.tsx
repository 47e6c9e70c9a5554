import { counted } from './count-text';
import { TextButton } from './text-button';

type ShowAllProps = {
  isWhole: boolean;
  onToggle: () => void;
  /** How long all of it is, in characters. */
  length: number;
};

/** Under a text that is cut because it is long: all of it, and less of it again. */
export const ShowAll = ({ isWhole, onToggle, length }: ShowAllProps) => (
  <TextButton aria-expanded={isWhole} onClick={onToggle} className="mt-1 block">
    {isWhole ? 'Show less' : `Show all ${counted(length, 'character')}`}
  </TextButton>
);
