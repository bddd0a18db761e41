/** Simplified Chinese: the doctor of a channel. */
export default {};
