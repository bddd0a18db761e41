/** Japanese: the reply allowance. */
export default {};
