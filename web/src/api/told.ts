/**
 * What the OpenAPI document leaves loose, made as exact as the desk's answers are: every field is
 * there, empty ones are `null`, and a value of an enum is its stable word, where the document names
 * the server's variant. A document that says so itself passes through unchanged.
 */

/** Variants whose word is not their name in snake case. */
export interface OddWords {
  MiniProgram: "miniprogram";
  English: "en";
  Japanese: "ja";
  Chinese: "zh-CN";
  "zh-CN": "zh-CN";
  AgentsManage: "agents.manage";
  ChannelsManage: "channels.manage";
  ChannelsRead: "channels.read";
  DepartmentsManage: "departments.manage";
  DeadLettersManage: "dead_letters.manage";
  PreferencesManage: "preferences.manage";
  ConversationsRead: "conversations.read";
  ConversationsReply: "conversations.reply";
  ConversationsAssign: "conversations.assign";
  TicketsEdit: "tickets.edit";
  ContactsEdit: "contacts.edit";
}

type Snake<
  Name extends string,
  Done extends string = "",
> = Name extends `${infer Letter}${infer Rest}`
  ? Snake<
      Rest,
      `${Done}${Letter extends Lowercase<Letter> ? "" : Done extends "" ? "" : "_"}${Lowercase<Letter>}`
    >
  : Done;

/** The stable word of a variant; a word stays itself. */
export type Word<Name extends string> = string extends Name
  ? string
  : Name extends keyof OddWords
    ? OddWords[Name]
    : Name extends Lowercase<Name>
      ? Name
      : Snake<Name>;

/** An object of the API as it arrives. */
export type Told<T> = T extends string
  ? Word<T>
  : T extends readonly (infer Item)[]
    ? Told<Item>[]
    : T extends object
      ? { [Key in keyof T]-?: Told<T[Key]> }
      : T;
