/** Two administrators edit one channel at once: what the other has changed, and both changes together. */
import { type ChannelFields, fieldNames, sameField } from "./channelFields";

/** A field that the other administrator has changed. */
export interface OtherChange {
  name: keyof ChannelFields;
  theirs: unknown;
  /** Changed here, too, and to something else: what is typed here is kept. */
  both: boolean;
}

/** `base` is what this form began with, `theirs` what is stored now. */
export function otherChanges(
  base: ChannelFields,
  mine: ChannelFields,
  theirs: ChannelFields,
): OtherChange[] {
  return fieldNames
    .filter((name) => !sameField(base[name], theirs[name]))
    .filter((name) => !sameField(mine[name], theirs[name]))
    .map((name) => ({ name, theirs: theirs[name], both: !sameField(mine[name], base[name]) }));
}

/** What was not touched here becomes as it is stored; what was typed here stays. */
export function mergeChannel(
  base: ChannelFields,
  mine: ChannelFields,
  theirs: ChannelFields,
): ChannelFields {
  const taken = fieldNames.filter((name) => sameField(mine[name], base[name]));
  return { ...mine, ...Object.fromEntries(taken.map((name) => [name, theirs[name]])) };
}
