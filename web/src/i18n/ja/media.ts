/** Japanese: files, cards and recordings. */
export default {};
