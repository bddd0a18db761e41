/** One of a few values: the system's own list, which every keyboard, screen reader and phone knows. */
import { NativeSelect, type NativeSelectProps } from "@mantine/core";

interface Props<T extends string> extends Omit<NativeSelectProps, "data" | "value" | "onChange"> {
  options: readonly { value: T; label: string }[];
  value: T;
  onChoose: (value: T) => void;
}

export function Choice<T extends string>({ options, value, onChoose, ...rest }: Props<T>) {
  return (
    <NativeSelect
      size="sm"
      data={[...options]}
      value={value}
      onChange={(event) => onChoose(event.currentTarget.value as T)}
      {...rest}
    />
  );
}
