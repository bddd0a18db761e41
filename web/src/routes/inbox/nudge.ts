/**
 * "Please answer, so that we can go on", written to the customer: in the customer's language, whatever the agent's is.
 * These are words to a customer, not of the console, so they do not follow its language.
 */

const asks = {
  en: "Please reply with anything, so that we can continue to help you here.",
  ja: "引き続きこちらでご案内できるよう、何かひと言ご返信をお願いいたします。",
  "zh-CN": "请您随意回复一条消息，以便我们继续在这里为您服务。",
};

/** The language of a text by its script; of none, Chinese: it is WeChat. */
export function languageOf(text: string): keyof typeof asks {
  if (/[\u3040-\u30ff]/.test(text)) return "ja";
  if (/[\u4e00-\u9fff]/.test(text)) return "zh-CN";
  return /[a-z]/i.test(text) ? "en" : "zh-CN";
}

/** The request in the language of what the customer wrote last. */
export const askForAnswer = (customerWrote: string) => asks[languageOf(customerWrote)];
