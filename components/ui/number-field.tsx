import { Field } from './field';
import { Input } from './input';

/** What stands in the field as a number; NaN, which no schema takes, for anything but a whole one. */
export const toWholeNumber = (text: string): number => (/^\d+$/.test(text.trim()) ? Number(text) : Number.NaN);

type NumberFieldProps = {
  label: string;
  hint?: string;
  error: string | undefined;
  value: string;
  onChange: (value: string) => void;
};

/** A field for a whole number. */
export const NumberField = ({ label, hint, error, value, onChange }: NumberFieldProps) => (
  <Field label={label} error={error} {...(hint === undefined ? {} : { hint })}>
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
