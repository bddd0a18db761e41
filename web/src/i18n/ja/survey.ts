/** Japanese: the satisfaction survey. */
export default {};
