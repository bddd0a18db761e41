/** English: preferences, approvals, and a channel that is off. */
export default {};
