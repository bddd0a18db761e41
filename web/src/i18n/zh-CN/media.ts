/** Simplified Chinese: files, cards and recordings. */
export default {};
