//! What an account's owner set up in the web console: a menu and automatic replies. The platform puts both aside while
//! pushes are switched on, which is when a callback address is set.
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The console's settings, kept in the form in which the API tells them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Console {
    /// The items of the menu; those below another are in `sub_button`, a plain list.
    pub(crate) menu: Vec<Value>,
    /// The fields of `get_current_autoreply_info`.
    pub(crate) auto_replies: Map<String, Value>,
}
