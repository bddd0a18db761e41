//! Surveys of tickets: asked once, and what became of the question. Answers are written by `db/ingest`.

use super::{Conn, Result, Tx, on};
use crate::domain::ids::{ChannelId, ConversationId, MessageId, TicketId};
use crate::domain::survey::{SurveyForm, SurveyScale, SurveyState};
use crate::domain::time::Time;

/// How a ticket shows its survey; everything empty where there is none.
#[derive(Debug, Clone, Default, sqlx::FromRow)]
pub struct SurveyColumns {
    pub survey_state: Option<SurveyState>,
    pub survey_scale: Option<SurveyScale>,
    pub survey_score: Option<i64>,
    pub survey_comment: Option<String>,
    pub survey_answered_at: Option<Time>,
    pub survey_reason: Option<String>,
}

/// A survey to store.
#[derive(Debug, Clone)]
pub struct NewSurvey {
    pub ticket_id: TicketId,
    pub conversation_id: ConversationId,
    pub channel_id: ChannelId,
    /// The question; `None` when it is not asked.
    pub message_id: Option<MessageId>,
    pub scale: SurveyScale,
    pub form: SurveyForm,
    pub key: String,
    pub state: SurveyState,
    pub reason: Option<&'static str>,
    pub asked_at: Time,
}

/// Whether the ticket has one already.
pub async fn exists(conn: &mut Conn, ticket_id: TicketId) -> Result<bool> {
    Ok(
        on!(conn, c => sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM surveys WHERE ticket_id = $1)")
        .bind(ticket_id).fetch_one(c).await?),
    )
}

/// Whether an agent has replied in the ticket. What failed reached nobody.
pub async fn agent_replied(
    conn: &mut Conn,
    conversation_id: ConversationId,
    ticket_id: TicketId,
) -> Result<bool> {
    Ok(on!(conn, c => sqlx::query_scalar(
        "SELECT EXISTS (
            SELECT 1 FROM messages WHERE conversation_id = $1 AND ticket_id = $2 AND direction = 'out'
                AND author_id IS NOT NULL AND state <> 'failed')")
        .bind(conversation_id).bind(ticket_id).fetch_one(c).await?))
}

/// Stores one.
pub async fn insert(tx: &mut Tx, new: &NewSurvey) -> Result<()> {
    on!(tx, c => sqlx::query(
        "INSERT INTO surveys (ticket_id, conversation_id, message_id, scale, form, answer_key, state, reason, asked_at,
            channel_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
        .bind(new.ticket_id)
        .bind(new.conversation_id)
        .bind(new.message_id)
        .bind(new.scale)
        .bind(new.form)
        .bind(&new.key)
        .bind(new.state)
        .bind(new.reason)
        .bind(new.asked_at)
        .bind(new.channel_id)
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// Whose survey the contact's next text may answer.
pub async fn await_text(tx: &mut Tx, id: ConversationId, ticket_id: Option<TicketId>) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE conversations SET survey_ticket_id = $2 WHERE id = $1")
        .bind(id).bind(ticket_id).execute(c).await.map(|_| ())?);
    Ok(())
}

/// The question goes out as a text instead: its ticket, where it is one.
pub async fn ask_as_text(tx: &mut Tx, id: MessageId, text: &str, data: &str) -> Result<Option<TicketId>> {
    on!(tx, c => sqlx::query("UPDATE messages SET text = $2, data = $3 WHERE id = $1")
        .bind(id).bind(text).bind(data).execute(c).await.map(|_| ())?);
    Ok(
        on!(tx, c => sqlx::query_scalar("UPDATE surveys SET form = $2 WHERE message_id = $1 RETURNING ticket_id")
        .bind(id).bind(SurveyForm::Text).fetch_optional(c).await?),
    )
}

/// The question of a survey did not arrive: its ticket, where it was one that waited for an answer.
pub async fn not_asked(
    tx: &mut Tx,
    id: MessageId,
    state: SurveyState,
    reason: &str,
) -> Result<Option<TicketId>> {
    Ok(on!(tx, c => sqlx::query_scalar(
        "UPDATE surveys SET state = $2, reason = $3 WHERE message_id = $1 AND state = 'sent' RETURNING ticket_id")
        .bind(id).bind(state).bind(reason).fetch_optional(c).await?))
}
