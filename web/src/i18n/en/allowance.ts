/** English: the reply allowance. */
export default {};
