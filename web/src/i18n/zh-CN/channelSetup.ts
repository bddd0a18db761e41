/** Simplified Chinese: the wizard, the form and the details of a channel. */
export default {
  "channel.tab.details": "详情",
  "channel.tab.doctor": "诊断",
  "channel.tab.automation": "菜单与自动回复",
  "channel.tab.approvals": "待审批",
};
