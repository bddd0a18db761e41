//! Surveys that messages of a batch may answer, and their answers. Most batches have none.

use super::Applier;
use super::load::{time, word};
use super::write::Written;
use crate::db::ingest::IngestError;
use crate::db::ingest::batch::Group;
use crate::db::ingest::loaded::surveyed;
use crate::domain::ids::TicketId;
use crate::domain::inbound::ThreadState;
use crate::domain::survey::AskedSurvey;
use crate::domain::time::Time;
use rusqlite::{OptionalExtension, params};

impl Applier<'_> {
    pub(super) fn surveys(
        &self,
        group: &Group<'_>,
        conversation: Option<&ThreadState>,
    ) -> Result<Vec<AskedSurvey>, IngestError> {
        let Some(id) = conversation.and_then(|thread| thread.id) else {
            return Ok(Vec::new());
        };
        let mut found: Vec<AskedSurvey> = Vec::new();
        for ticket in surveyed(group, conversation) {
            if found.iter().any(|survey| survey.ticket_id.0 == ticket) {
                continue;
            }
            found.extend(self.asked_survey(id.0, ticket)?);
        }
        Ok(found)
    }

    fn asked_survey(&self, conversation: i64, ticket: i64) -> Result<Option<AskedSurvey>, IngestError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT ticket_id, answer_key, scale, form, state, score, comment, asked_at, answered_at, scored_at
             FROM surveys WHERE ticket_id = ?1 AND conversation_id = ?2",
        )?;
        Ok(statement
            .query_row(params![ticket, conversation], |row| {
                Ok(AskedSurvey {
                    ticket_id: TicketId(row.get(0)?),
                    key: row.get(1)?,
                    scale: word(row, 2)?,
                    form: word(row, 3)?,
                    state: word(row, 4)?,
                    score: row.get(5)?,
                    comment: row.get(6)?,
                    asked_at: Time(row.get(7)?),
                    answered_at: time(row, 8)?,
                    scored_at: time(row, 9)?,
                })
            })
            .optional()?)
    }

    pub(super) fn survey(&self, scope: &Written, survey: &AskedSurvey, at: Time) -> Result<(), IngestError> {
        let mut statement = self.sql.prepare_cached(
            "UPDATE surveys SET state = ?2, score = ?3, comment = ?4, answered_at = ?5, scored_at = ?6
             WHERE ticket_id = ?1",
        )?;
        statement.execute(params![
            survey.ticket_id.0,
            survey.state.as_str(),
            survey.score,
            survey.comment,
            survey.answered_at.map(|t| t.0),
            survey.scored_at.map(|t| t.0)
        ])?;
        self.event("ticket", survey.ticket_id.0, Some(scope), at)
    }
}
