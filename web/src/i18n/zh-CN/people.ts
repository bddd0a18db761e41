/** Simplified Chinese: first run, agents, departments and profile. */
export default {};
