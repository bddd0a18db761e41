//! JSON to the same tree as XML, while it is read: what is too large or too deep is refused before it takes memory.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::ParseError;
use super::fields::{Budget, MAX_DEPTH, not_well_formed};
use super::tree::Node;

pub(super) fn json_fields<'t>(text: &str) -> Result<Node<'t>, ParseError> {
    let mut above = Node::default();
    let mut state = State::default();
    let mut json = serde_json::Deserializer::from_str(text);
    let value = Value {
        parent: &mut above,
        name: "",
        depth: 1,
        state: &mut state,
    };
    let outcome = value.deserialize(&mut json).and_then(|()| json.end());
    match (outcome, state.broken) {
        (_, Some(limit)) => Err(limit),
        (Err(error), None) => Err(not_well_formed(error)),
        (Ok(()), None) => above.children.pop().ok_or(ParseError::Format),
    }
}

#[derive(Default)]
struct State {
    budget: Budget,
    /// The limit that ended the reading: serde's own errors carry text only.
    broken: Option<ParseError>,
}

/// One value, which becomes children of `parent` named `name`: an array one for each element, `null` none.
struct Value<'n, 't> {
    parent: &'n mut Node<'t>,
    name: &'n str,
    depth: usize,
    state: &'n mut State,
}

impl Value<'_, '_> {
    fn leaf(self, text: String) {
        let mut node = Node::named(self.name.to_owned());
        node.text = without_nul(text).into();
        self.parent.children.push(node);
    }

    fn check(&mut self) -> Result<(), ParseError> {
        if self.depth > MAX_DEPTH {
            return Err(ParseError::Depth { limit: MAX_DEPTH });
        }
        self.state.budget.take()
    }
}

impl<'de> DeserializeSeed<'de> for Value<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(mut self, deserializer: D) -> Result<(), D::Error> {
        if let Err(limit) = self.check() {
            let error = D::Error::custom(&limit);
            self.state.broken = Some(limit);
            return Err(error);
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.leaf(text.to_owned());
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.leaf(number.to_string());
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.leaf(number.to_string());
        Ok(())
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        self.leaf(number.to_string());
        Ok(())
    }

    fn visit_bool<E>(self, flag: bool) -> Result<(), E> {
        self.leaf(flag.to_string());
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        loop {
            let item = Value {
                parent: &mut *self.parent,
                name: self.name,
                depth: self.depth + 1,
                state: &mut *self.state,
            };
            if items.next_element_seed(item)?.is_none() {
                return Ok(());
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let mut node = Node::named(self.name.to_owned());
        while let Some(name) = entries.next_key::<String>()? {
            entries.next_value_seed(Value {
                parent: &mut node,
                name: &name,
                depth: self.depth + 1,
                state: &mut *self.state,
            })?;
        }
        self.parent.children.push(node);
        Ok(())
    }
}

/// JSON can still spell NUL, as an escape.
fn without_nul(text: String) -> String {
    if text.contains('\0') {
        text.replace('\0', "")
    } else {
        text
    }
}
