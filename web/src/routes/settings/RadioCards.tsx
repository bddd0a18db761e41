/** One of a few values, each with its words: for choices whose consequences must be read before they are made. */
import type { ReactNode } from "react";

interface Props<T extends string> {
  label: string;
  name: string;
  options: readonly { value: T; label: string; hint: ReactNode }[];
  value: T | null;
  onChoose: (value: T) => void;
  error?: string;
}

export function RadioCards<T extends string>(props: Props<T>) {
  const { label, name, options, value, onChoose, error } = props;
  return (
    <fieldset className="radio-cards" data-testid={`field-${name}`}>
      <legend>{label}</legend>
      {options.map((option) => (
        <label key={option.value} className="radio-card">
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChoose(option.value)}
            data-testid={`${name}-${option.value}`}
          />
          <span>
            <strong>{option.label}</strong>
            <span className="small dim">{option.hint}</span>
          </span>
        </label>
      ))}
      {error && (
        <p className="field-error" role="alert">
          {error}
        </p>
      )}
    </fieldset>
  );
}
