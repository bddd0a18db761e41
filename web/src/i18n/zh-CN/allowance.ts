/** Simplified Chinese: the reply allowance. */
export default {};
