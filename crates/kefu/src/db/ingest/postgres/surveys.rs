//! Surveys that messages of a batch may answer, and their answers. Most batches have none, and ask nothing.

use super::Planned;
use crate::db::ingest::loaded::surveyed;
use crate::db::ingest::{Batch, IngestError};
use crate::domain::ids::TicketId;
use crate::domain::inbound::Known;
use crate::domain::survey::{AskedSurvey, SurveyForm, SurveyScale, SurveyState};
use crate::domain::time::Time;
use sqlx::PgConnection;

#[derive(sqlx::FromRow)]
struct SurveyRow {
    ticket_id: TicketId,
    conversation_id: i64,
    answer_key: String,
    scale: SurveyScale,
    form: SurveyForm,
    state: SurveyState,
    score: Option<i64>,
    comment: Option<String>,
    asked_at: Time,
    answered_at: Option<Time>,
    scored_at: Option<Time>,
}

/// Adds the surveys of each contact's conversation.
pub(super) async fn load(
    c: &mut PgConnection,
    batch: &Batch<'_>,
    known: &mut [Known],
) -> Result<(), IngestError> {
    let each = batch.groups.iter().zip(known.iter());
    let wanted: Vec<i64> = each
        .filter_map(|(group, known)| Some(surveyed(group, Some(known.conversation.as_ref()?))))
        .flatten()
        .collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let rows: Vec<SurveyRow> = sqlx::query_as(
        "SELECT ticket_id, conversation_id, answer_key, scale, form, state, score, comment, asked_at, answered_at,
            scored_at
         FROM surveys WHERE ticket_id = ANY($1)",
    )
    .bind(wanted)
    .fetch_all(c)
    .await?;
    for row in rows {
        let of = |known: &&mut Known| {
            let id = known.conversation.as_ref().and_then(|thread| thread.id);
            id.is_some_and(|id| id.0 == row.conversation_id)
        };
        if let Some(known) = known.iter_mut().find(of) {
            known.surveys.push(asked(row));
        }
    }
    Ok(())
}

fn asked(row: SurveyRow) -> AskedSurvey {
    AskedSurvey {
        ticket_id: row.ticket_id,
        key: row.answer_key,
        scale: row.scale,
        form: row.form,
        state: row.state,
        score: row.score,
        comment: row.comment,
        asked_at: row.asked_at,
        answered_at: row.answered_at,
        scored_at: row.scored_at,
    }
}

/// Writes the answers down.
pub(super) async fn answers(c: &mut PgConnection, planned: &[Planned<'_, '_>]) -> Result<(), IngestError> {
    for p in planned {
        for survey in &p.plan.surveys {
            answer(c, p, survey).await?;
        }
    }
    Ok(())
}

async fn answer(c: &mut PgConnection, p: &Planned<'_, '_>, survey: &AskedSurvey) -> Result<(), IngestError> {
    let after = p.plan.conversation.as_ref();
    sqlx::query(
        "WITH changed AS (
            UPDATE surveys SET state = $2, score = $3, comment = $4, answered_at = $5, scored_at = $6
            WHERE ticket_id = $1 RETURNING ticket_id, conversation_id)
         INSERT INTO events (kind, object_id, conversation_id, channel_id, department_id, created_at)
         SELECT 'ticket', ticket_id, conversation_id, $7, $8, $9 FROM changed",
    )
    .bind(survey.ticket_id)
    .bind(survey.state)
    .bind(survey.score)
    .bind(&survey.comment)
    .bind(survey.answered_at)
    .bind(survey.scored_at)
    .bind(p.group.channel_id)
    .bind(after.map(|thread| thread.department_id))
    .bind(after.map_or(0, |thread| thread.last_message.at.0))
    .execute(c)
    .await?;
    Ok(())
}
