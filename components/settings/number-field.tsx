import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';

/** What stands in the field as a number; NaN, which no schema takes, for anything but a whole one. */
export const toWholeNumber = (text: string): number => (/^\d+$/.test(text.trim()) ? Number(text) : Number.NaN);

type NumberFieldProps = {
  label: string;
  hint: string;
  error: string | undefined;
  value: string;
  onChange: (value: string) => void;
};

/** A whole number of a setting. */
export const NumberField = ({ label, hint, error, value, onChange }: NumberFieldProps) => (
  <Field label={label} hint={hint} error={error}>
    {(control) => (
      <Input
        {...control}
        inputMode="numeric"
        className="max-w-28"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    )}
  </Field>
);
