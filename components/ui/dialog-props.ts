export type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** One sentence under the title: what follows from it. */
  description?: React.ReactNode;
  width?: 'narrow' | 'regular' | 'wide';
  /** Buttons, the primary one last. */
  footer?: React.ReactNode;
  /** Something was written in it: a press beside it does not take that away. */
  staysOpen?: boolean;
  /** Where the focus starts, instead of the first control. */
  initialFocus?: React.RefObject<HTMLElement | null>;
  children?: React.ReactNode;
};
