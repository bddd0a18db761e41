//! Who signs in, what a role may do, and on whose behalf a change is made.

use super::ids::{AgentId, DepartmentId};
use super::text_enum::text_enum;

text_enum!(
    /// What an agent may do.
    Role { Admin = "admin", Supervisor = "supervisor", Agent = "agent", Viewer = "viewer" });
text_enum!(
    /// Whether an agent may sign in.
    AgentState { Active = "active", Disabled = "disabled" });
text_enum!(
    /// Whether an agent takes chats now.
    Availability { Online = "online", Away = "away", Offline = "offline" });
text_enum!(
/// One thing a role may be allowed to do. The console shows and hides by these words.
Permission {
    AgentsManage = "agents.manage",
    ChannelsManage = "channels.manage",
    ChannelsRead = "channels.read",
    DepartmentsManage = "departments.manage",
    DeadLettersManage = "dead_letters.manage",
    InstallationManage = "installation.manage",
    PreferencesManage = "preferences.manage",
    ConversationsRead = "conversations.read",
    ConversationsReply = "conversations.reply",
    ConversationsAssign = "conversations.assign",
    SurveysRead = "surveys.read",
    TicketsEdit = "tickets.edit",
    ContactsEdit = "contacts.edit",
});
text_enum!(
    /// A language of the console and of texts that the desk makes.
    Language { English = "en", Japanese = "ja", Chinese = "zh-CN" });

text_enum!(
    /// What a login is: a signed-in browser, or a token an agent made for a program.
    LoginKind { Browser = "browser", Api = "api" });

impl Role {
    /// Whether this role holds the permission.
    pub fn may(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Self::Admin => true,
            Self::Supervisor if permission == P::SurveysRead => true,
            Self::Supervisor | Self::Agent => matches!(
                permission,
                P::ChannelsRead
                    | P::ConversationsRead
                    | P::ConversationsReply
                    | P::ConversationsAssign
                    | P::TicketsEdit
                    | P::ContactsEdit
            ),
            Self::Viewer => matches!(permission, P::ChannelsRead | P::ConversationsRead),
        }
    }

    /// Everything this role may do.
    pub fn permissions(self) -> Vec<Permission> {
        Permission::ALL.iter().copied().filter(|p| self.may(*p)).collect()
    }
}

/// Who looks: decides which conversations exist for them (`db/visibility.rs`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// The agent.
    pub agent_id: AgentId,
    /// Their role.
    pub role: Role,
    /// Their departments.
    pub department_ids: Vec<DepartmentId>,
}

/// On whose behalf a change is written; goes into the audit table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A signed-in agent.
    Agent(AgentId),
    /// The desk itself (a job, a customer's push).
    System,
    /// Somebody at the command line of the machine.
    Operator,
}

impl Actor {
    /// The stable word for the audit table.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Agent(_) => "agent",
            Self::System => "system",
            Self::Operator => "operator",
        }
    }

    /// The agent, where there is one.
    pub const fn agent_id(self) -> Option<AgentId> {
        match self {
            Self::Agent(id) => Some(id),
            Self::System | Self::Operator => None,
        }
    }
}
