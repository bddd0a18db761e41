/** English: cards kept ready for a channel, and the figures of its surveys. */
export default {
  "card.presets": "Saved cards",
  "card.presets.search": "Search by name",
  "card.presets.none": "No saved card has this name",
  "card.preset.no_picture":
    "The picture of the saved card could not be loaded. Choose it again, or send the card without it.",
  "presets.hint":
    "Agents of this channel choose these when they send a card, and can still change what is in it.",
  "presets.empty": "No saved cards yet",
  "presets.add.miniprogram": "Add mini-program card",
  "presets.add.link": "Add link card",
  "presets.edit": "Change saved card",
  "presets.name": "Name",
  "presets.name.hint": "Only agents see it.",
  "presets.no_picture": "Without a picture",
  "presets.saved": "Card saved",
  "presets.delete": "Delete",
  "presets.delete.title": "Delete “{{name}}”?",
  "presets.delete.hint":
    "Agents can no longer choose it. Cards that were sent stay as they are. This cannot be undone.",
  "presets.was_deleted": "Card deleted",
  "presets.deleted_channel": "A deleted channel sends no cards",
  "figures.days_one": "Last {{count}} day",
  "figures.days_other": "Last {{count}} days",
  "figures.zone": "Days of {{zone}}, today included",
  "figures.closed": "Tickets closed",
  "figures.asked": "Customers asked",
  "figures.answered": "Answered",
  "figures.rate": "Answer rate",
  "figures.answers": "Answers",
  "figures.average": "{{average}} of {{best}} on average",
  "figures.not_applicable": "Not applicable: {{count}}",
  "figures.not_applicable.hint":
    "Tickets whose customers could not be asked. They count in no rate.",
  "figures.failed": "Not delivered: {{count}}",
  "figures.failed.hint": "Questions that WeChat did not take. They count in no rate.",
  "figures.comments": "Last comments",
  "figures.comments.none": "No customer has added a comment in these days.",
  "figures.ticket": "Ticket {{number}}",
  "figures.impossible": "Not applicable",
  "figures.empty_one": "No survey in the last {{count}} day",
  "figures.empty_other": "No survey in the last {{count}} days",
  "figures.empty.hint_one":
    "{{count}} ticket was closed. A customer is asked when a ticket is closed in which an agent replied; what they say appears here.",
  "figures.empty.hint_other":
    "{{count}} tickets were closed. A customer is asked when a ticket is closed in which an agent replied; what they say appears here.",
  "figures.empty.off_one":
    "Surveys are off for this channel. {{count}} ticket was closed without asking.",
  "figures.empty.off_other":
    "Surveys are off for this channel. {{count}} tickets were closed without asking.",
  "figures.empty.impossible_one":
    "The limit is WeChat's. {{count}} ticket was closed without asking.",
  "figures.empty.impossible_other":
    "The limit is WeChat's. {{count}} tickets were closed without asking.",
  "figures.switch_on": "Switch surveys on",
  "figures.no_channel": "No channel yet",
  "figures.no_channel.hint":
    "What customers say about the tickets of your departments will appear here.",
};
