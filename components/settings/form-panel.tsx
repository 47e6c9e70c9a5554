import { Button } from '@/components/ui/button';
import { FieldError } from '@/components/ui/field';
import { Panel } from '@/components/ui/panel';

type FormPanelProps = {
  title: string;
  beside?: React.ReactNode;
  onSubmit: () => void;
  busy: boolean;
  /** What is wrong with the whole and with no field of its own. */
  error?: string | undefined;
  children: React.ReactNode;
};

/** Settings that are saved together: a panel that is one form, with what is wrong and the button under its fields. */
export const FormPanel = ({ title, beside, onSubmit, busy, error, children }: FormPanelProps) => (
  <Panel title={title} beside={beside}>
    <form
      noValidate
      className="grid gap-4 px-3 py-2.5"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
      {error && <FieldError>{error}</FieldError>}
      <div>
        <Button type="submit" busy={busy}>
          Save
        </Button>
      </div>
    </form>
  </Panel>
);
