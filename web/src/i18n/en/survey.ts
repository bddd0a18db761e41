/** English: the satisfaction survey. */
export default {};
