//! An administrator ticks a step of the wizard, chooses in one, or begins anew.

use super::{ActionError, ActionResult};
use crate::db::Tx;
use crate::db::events::{self, Change, EventKind};
use crate::db::setup_steps::{self, SetupStepRow};
use crate::domain::agent::Actor;
use crate::domain::fields::FieldCode;
use crate::domain::setup_step::SetupStep;
use crate::domain::time::Time;

/// What is told of a step.
#[derive(Debug, Clone)]
pub struct StepChange {
    /// Which.
    pub step: SetupStep,
    /// Whether it is ticked from now on.
    pub done: bool,
    /// What was chosen in it; `None` keeps the choice before.
    pub choice: Option<String>,
}

/// Ticks or unticks one step: two people who tick different steps at once do not undo each other's.
pub async fn set_setup_step(tx: &mut Tx, actor: Actor, change: StepChange, now: Time) -> ActionResult<()> {
    if change
        .choice
        .as_ref()
        .is_some_and(|word| !change.step.accepts(word))
    {
        return Err(ActionError::field("choice", FieldCode::UnknownValue.as_str()));
    }
    let row = SetupStepRow {
        step: change.step,
        choice: change.choice,
        done_by: actor.agent_id().filter(|_| change.done),
        done_at: change.done.then_some(now),
    };
    setup_steps::put(tx, &row).await?;
    tell(tx, now).await
}

/// Unticks everything, for another account.
pub async fn clear_setup_steps(tx: &mut Tx, now: Time) -> ActionResult<()> {
    setup_steps::clear(tx).await?;
    tell(tx, now).await
}

async fn tell(tx: &mut Tx, now: Time) -> ActionResult<()> {
    let change = Change {
        kind: EventKind::SetupSteps,
        object_id: 0,
        scope: None,
    };
    Ok(events::append(tx, change, now).await?)
}
