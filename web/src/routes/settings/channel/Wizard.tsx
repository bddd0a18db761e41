/** From nothing to a WeChat account that can be connected, step by step. */
export function Wizard() {
  return null;
}
