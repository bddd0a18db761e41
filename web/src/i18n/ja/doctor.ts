/** Japanese: the doctor of a channel. */
export default {};
