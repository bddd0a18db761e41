/** English: the wizard, the form and the details of a channel. */
export default {
  "channel.tab.details": "Details",
  "channel.tab.doctor": "Doctor",
  "channel.tab.automation": "Menu and automatic answers",
  "channel.tab.approvals": "Pending approval",
};
