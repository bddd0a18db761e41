/** English: files, cards and recordings. */
export default {};
