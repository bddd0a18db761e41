/** Simplified Chinese: the satisfaction survey. */
export default {};
