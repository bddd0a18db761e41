/** Chooses an IANA time zone by typing a part of its name. */
import { Select, type SelectProps } from "@mantine/core";

const supported = Intl.supportedValuesOf("timeZone");
export const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
/** What the browser calls itself may be a name that it does not list. */
const zones = supported.includes(browserZone) ? supported : [browserZone, ...supported];

export function ZoneSelect(props: Omit<SelectProps, "data">) {
  const { value } = props;
  const listed = !value || zones.includes(value) ? zones : [value, ...zones];
  return <Select searchable allowDeselect={false} data={listed} {...props} />;
}
