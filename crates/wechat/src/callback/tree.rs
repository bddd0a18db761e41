//! The fields of a push as a small tree, the same for XML and JSON: an array in JSON is what repeated elements are
//! in XML, and an object alone is an array of one. WeChat sends lists in either form.

use std::borrow::Cow;
use std::str::FromStr;

/// One element of XML or one key of JSON. What stands in the body as it is, is borrowed from it.
#[derive(Debug, Default)]
pub(super) struct Node<'t> {
    pub(super) name: Cow<'t, str>,
    /// The text of a leaf.
    pub(super) text: Cow<'t, str>,
    pub(super) children: Vec<Node<'t>>,
}

impl<'t> Node<'t> {
    pub(super) fn named(name: impl Into<Cow<'t, str>>) -> Self {
        Self {
            name: name.into(),
            text: Cow::Borrowed(""),
            children: Vec::new(),
        }
    }

    /// The first child of that name. WeChat's spelling varies in case: as written wins.
    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        let exact = self.children.iter().find(|child| child.name == name);
        exact.or_else(|| self.children.iter().find(|child| child.has_name(name)))
    }

    /// Every child of that name.
    pub(super) fn all<'n>(&'n self, name: &'static str) -> impl Iterator<Item = &'n Self> {
        self.children.iter().filter(move |child| child.has_name(name))
    }

    /// The entries of a list: `<list><item/><item/></list>`, a repeated `<list>`, or an array.
    pub(super) fn entries<'n>(&'n self, list: &'static str) -> impl Iterator<Item = &'n Self> {
        self.all(list).flat_map(|found| {
            let wrapped = found.children.iter().any(|child| child.has_name("item"));
            let items: Vec<&Self> = if wrapped {
                found.all("item").collect()
            } else {
                vec![found]
            };
            items
        })
    }

    /// The text of a leaf directly below. What has children is no leaf.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.child(name)
            .filter(|child| child.children.is_empty())
            .map(|child| child.text.as_ref())
    }

    pub(super) fn text(&self, name: &str) -> String {
        self.get(name).unwrap_or_default().to_owned()
    }

    /// Absent and empty are the same to WeChat.
    pub(super) fn filled(&self, name: &str) -> Option<String> {
        self.get(name)
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
    }

    /// A number where there is one; WeChat writes numbers as text too, and leaves them out.
    pub(super) fn number<T: FromStr>(&self, name: &str) -> Option<T> {
        self.get(name)?.trim().parse().ok()
    }

    /// A finite number: `NaN` and `inf` are numbers to Rust and not to WeChat.
    pub(super) fn decimal(&self, name: &str) -> Option<f64> {
        self.number(name).filter(|value: &f64| value.is_finite())
    }

    fn has_name(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}
