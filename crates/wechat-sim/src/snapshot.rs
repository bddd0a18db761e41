//! Keeps the state across restarts: one JSON file, written beside and renamed, some moments after a change and at the end.
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::SimError;
use crate::state::State;
use crate::world::World;

const FILE: &str = "simulator.json";
/// Changes within this time are written together, so that a burst of messages costs one write.
const GATHER: Duration = Duration::from_millis(500);

/// Reads the kept state, or an empty one when there is none.
pub(crate) fn load(data_dir: Option<&Path>) -> Result<State, SimError> {
    let Some(data_dir) = data_dir else {
        return Ok(State::default());
    };
    let path = data_dir.join(FILE);
    match std::fs::read(&path) {
        Ok(bytes) => {
            let mut state: State =
                serde_json::from_slice(&bytes).map_err(|source| SimError::Snapshot { path, source })?;
            state.settle_interrupted_pushes();
            Ok(state)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(State::default()),
        Err(source) => Err(SimError::DataDir { path, source }),
    }
}

/// Writes the state whenever something changed, for as long as the simulator runs.
pub(crate) async fn keep(world: Arc<World>) {
    loop {
        world.unsaved.notified().await;
        tokio::time::sleep(GATHER).await;
        save(&world).await;
    }
}

/// Writes the state now. A failure is logged: the simulator goes on from memory.
pub(crate) async fn save(world: &Arc<World>) {
    let Some(data_dir) = world.data_dir.clone() else {
        return;
    };
    let world = Arc::clone(world);
    let written = tokio::task::spawn_blocking(move || write(&world, &data_dir)).await;
    match written {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(%error, "the simulator's state could not be written"),
        Err(error) => tracing::error!(%error, "writing the simulator's state was interrupted"),
    }
}

fn write(world: &World, data_dir: &Path) -> std::io::Result<()> {
    let _saving = world.saving.lock().expect("nothing panics while it writes");
    let bytes = {
        let mut state = world.state();
        state.clock_offset_ms = world.clock.offset_ms();
        serde_json::to_vec(&*state)?
    };
    let target: PathBuf = data_dir.join(FILE);
    let beside = target.with_extension("json.new");
    std::fs::write(&beside, bytes)?;
    std::fs::File::open(&beside)?.sync_all()?;
    std::fs::rename(beside, target)
}
