//! Words of a conversation, and which actions its state and its channel's state permit (`decisions.md` 25, 36).

use super::channel::ChannelState;
use super::ids::AgentId;
use super::text_enum::text_enum;

text_enum!(
    /// Whether a conversation is being worked on.
    ConversationState { Open = "open", Ended = "ended" });

/// What an action needs to know.
#[derive(Debug, Clone, Copy)]
pub struct Situation {
    /// State of the channel.
    pub channel: ChannelState,
    /// State of the conversation.
    pub state: ConversationState,
    /// Whether the contact is blocked.
    pub blocked: bool,
    /// Who has it.
    pub assignee: Option<AgentId>,
}

text_enum!(
/// Why an action is refused: the `code` of a 409.
Refusal {
    ChannelDeleted = "channel_deleted",
    AlreadyAssigned = "already_assigned",
    ConversationEnded = "conversation_ended",
    ConversationOpen = "conversation_open",
    NotBlocked = "not_blocked",
    AlreadyBlocked = "already_blocked",
    ContactBlocked = "contact_blocked",
    NotAssociated = "not_associated",
});

impl Situation {
    const fn on_living_channel(&self) -> Result<(), Refusal> {
        match self.channel {
            ChannelState::Deleted => Err(Refusal::ChannelDeleted),
            ChannelState::Active | ChannelState::Disabled => Ok(()),
        }
    }

    fn open(&self) -> Result<(), Refusal> {
        match self.state {
            ConversationState::Open => Ok(()),
            ConversationState::Ended => Err(Refusal::ConversationEnded),
        }
    }

    /// Pick up: open, and unassigned unless it is taken over. `Ok(false)`: it is theirs already.
    pub fn pick_up(&self, by: AgentId, take_over: bool) -> Result<bool, Refusal> {
        self.on_living_channel()?;
        self.open()?;
        match self.assignee {
            Some(assignee) if assignee == by => Ok(false),
            Some(_) if !take_over => Err(Refusal::AlreadyAssigned),
            _ => Ok(true),
        }
    }

    /// Transfer: open.
    pub fn transfer(&self) -> Result<(), Refusal> {
        self.on_living_channel()?;
        self.open()
    }

    /// End: open.
    pub fn end(&self) -> Result<(), Refusal> {
        self.on_living_channel()?;
        self.open()
    }

    /// Re-open: ended.
    pub fn reopen(&self) -> Result<(), Refusal> {
        self.on_living_channel()?;
        match self.state {
            ConversationState::Ended => Ok(()),
            ConversationState::Open => Err(Refusal::ConversationOpen),
        }
    }

    /// Block: any state, once.
    pub fn block(&self) -> Result<(), Refusal> {
        self.on_living_channel()?;
        if self.blocked {
            Err(Refusal::AlreadyBlocked)
        } else {
            Ok(())
        }
    }

    /// Lift a block.
    pub fn unblock(&self) -> Result<(), Refusal> {
        self.on_living_channel()?;
        if self.blocked {
            Ok(())
        } else {
            Err(Refusal::NotBlocked)
        }
    }
}
