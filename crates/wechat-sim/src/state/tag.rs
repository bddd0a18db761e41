//! The account's tags. Numbers below 100 belong to the platform.
use serde::{Deserialize, Serialize};

const MOST: usize = 100;
/// "Starred", which every account has.
const STARRED: (i64, &str) = (2, "星标组");

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Tag {
    pub(crate) id: i64,
    pub(crate) name: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Tags {
    items: Vec<Tag>,
    last_id: i64,
}

impl Default for Tags {
    fn default() -> Self {
        let starred = Tag {
            id: STARRED.0,
            name: STARRED.1.to_owned(),
        };
        Self {
            items: vec![starred],
            last_id: 99,
        }
    }
}

impl Tags {
    pub(crate) fn is_system(id: i64) -> bool {
        (0..=2).contains(&id)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Tag> {
        self.items.iter()
    }

    pub(crate) fn has(&self, id: i64) -> bool {
        self.items.iter().any(|tag| tag.id == id)
    }

    pub(crate) fn has_name(&self, name: &str) -> bool {
        self.items.iter().any(|tag| tag.name == name)
    }

    pub(crate) fn is_full(&self) -> bool {
        self.items.iter().filter(|tag| !Self::is_system(tag.id)).count() >= MOST
    }

    /// Adds a tag; a number is never given twice.
    pub(crate) fn add(&mut self, name: String) -> i64 {
        self.last_id += 1;
        self.items.push(Tag {
            id: self.last_id,
            name,
        });
        self.last_id
    }

    pub(crate) fn rename(&mut self, id: i64, name: String) {
        if let Some(tag) = self.items.iter_mut().find(|tag| tag.id == id) {
            tag.name = name;
        }
    }

    pub(crate) fn remove(&mut self, id: i64) {
        self.items.retain(|tag| tag.id != id);
    }
}
