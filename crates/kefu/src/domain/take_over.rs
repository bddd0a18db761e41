//! How an account's own menu and automatic replies become the desk's: pure, so that it can be shown before it is done.
//!
//! One answer per push is all that a passive reply can be. So of a rule that gives all its replies, texts that fit
//! together become one answer; otherwise the first reply that can be given is taken and the others are named as left
//! out. Of a rule that chooses at random the first is taken. A rule with several keywords becomes one answer for each.
//!
//! Every answer has an origin, the same each time: what was taken over once is not taken again.

use super::answer_rules::{AnswerData, AnswerForm};
use super::automation::{AnswerKind, MatchRule, Occasion};
use super::fold::fold;
use super::menu::{ItemKind, MenuItem};
use super::own_automation::{OwnMenuItem, OwnReplies, OwnReply, OwnRule};
use super::text_enum::text_enum;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::fmt::Write;
use utoipa::ToSchema;

text_enum!(
/// Why something is left out.
LeftOutReason {
    /// The provider tells a video as an address that ends, not as a file that can be sent.
    VideoAddressOnly = "video_address_only",
    /// A push has one answer.
    OnlyOneAnswer = "only_one_answer",
    /// An article is answered with the first of several.
    OnlyFirstArticle = "only_first_article",
    /// Too long, or without what it needs.
    DoesNotFit = "does_not_fit",
    /// The desk does not know this kind.
    UnknownKind = "unknown_kind",
    /// There is one for this occasion or word already.
    AlreadyThere = "already_there",
    /// The provider no longer has the file.
    FileGone = "file_gone",
    /// The file could not be copied now: take over again.
    FileNotCopied = "file_not_copied",
    /// Too many files for one go: take over again.
    NotYet = "not_yet",
});

/// Something that is not taken over as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeftOut {
    /// For what it was.
    pub occasion: Occasion,
    /// The rule, the word, or the item of the menu.
    pub name: String,
    /// Why.
    pub reason: LeftOutReason,
}

/// An answer that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedAnswer {
    /// From where, the same each time.
    pub origin: String,
    /// How it is called when it cannot be made.
    pub name: String,
    /// What it will be. A media id in it is the provider's temporary one.
    pub form: AnswerForm,
}

/// What becomes of an account's own automation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Answers to make.
    pub answers: Vec<PlannedAnswer>,
    /// The menu to begin with.
    pub menu: Vec<MenuItem>,
    /// What is not taken over as it was.
    pub left_out: Vec<LeftOut>,
}

/// What the automatic replies become.
pub fn plan_replies(own: &OwnReplies) -> Plan {
    let mut plan = Plan::default();
    let singles = [(Occasion::Follow, &own.follow), (Occasion::Default, &own.default)];
    for (occasion, reply) in singles {
        if let Some(reply) = reply {
            let origin = occasion.as_str().to_owned();
            plan.take(
                Source::new(occasion, None, "", origin),
                std::slice::from_ref(reply),
                false,
            );
        }
    }
    let mut words = HashSet::new();
    for rule in &own.rules {
        plan.take_rule(rule, &mut words);
    }
    plan
}

/// What the menu becomes. Items that only the provider's console can make become taps that the desk answers.
pub fn plan_menu(own: &[OwnMenuItem]) -> Plan {
    let mut plan = Plan::default();
    plan.menu = own.iter().map(|item| plan.take_item(item)).collect();
    plan
}

/// Where an answer comes from, and for what it is.
struct Source<'a> {
    occasion: Occasion,
    keyword: Option<String>,
    match_rule: Option<MatchRule>,
    name: &'a str,
    origin: String,
}

impl<'a> Source<'a> {
    fn new(occasion: Occasion, keyword: Option<String>, name: &'a str, origin: String) -> Self {
        Self {
            occasion,
            keyword,
            match_rule: None,
            name,
            origin,
        }
    }
}

impl Plan {
    fn leave(&mut self, source: &Source<'_>, reason: LeftOutReason) {
        self.left_out.push(LeftOut {
            occasion: source.occasion,
            name: source.name.to_owned(),
            reason,
        });
    }

    fn take_rule(&mut self, rule: &OwnRule, words: &mut HashSet<(bool, String)>) {
        for keyword in &rule.keywords {
            let equals = keyword.match_rule == MatchRule::Equals;
            let origin = format!(
                "rule:{}:{}:{}:{}",
                rule.made_at, rule.name, keyword.match_rule, keyword.word
            );
            let name = if rule.name.is_empty() {
                &keyword.word
            } else {
                &rule.name
            };
            let word = Some(keyword.word.clone());
            let source = Source {
                match_rule: Some(keyword.match_rule),
                ..Source::new(Occasion::Keyword, word, name, origin)
            };
            if words.insert((equals, fold(&keyword.word))) {
                self.take(source, &rule.replies, !rule.random);
            } else {
                self.leave(&source, LeftOutReason::AlreadyThere);
            }
        }
    }

    /// Takes the answer that can be given of these replies; whether one was.
    fn take(&mut self, source: Source<'_>, replies: &[OwnReply], all: bool) -> bool {
        let mut taken = None;
        let together = if all { one_text(replies) } else { None };
        let replies = together.as_ref().map_or(replies, std::slice::from_ref);
        for reply in replies {
            match (form_of(&source, reply), &taken) {
                (Ok(form), None) => {
                    if reply.articles.len() > 1 {
                        self.leave(&source, LeftOutReason::OnlyFirstArticle);
                    }
                    taken = Some(form);
                }
                (Ok(_), Some(_)) => self.leave(&source, LeftOutReason::OnlyOneAnswer),
                (Err(reason), _) => self.leave(&source, reason),
            }
        }
        let Some(form) = taken else { return false };
        self.answers.push(PlannedAnswer {
            origin: source.origin,
            name: source.name.to_owned(),
            form,
        });
        true
    }

    fn take_item(&mut self, own: &OwnMenuItem) -> MenuItem {
        let name = own.name.clone();
        if !own.items.is_empty() {
            let items = own.items.iter().map(|item| self.take_item(item)).collect();
            return MenuItem {
                items,
                ..MenuItem::new(name, ItemKind::Submenu)
            };
        }
        match own.kind {
            Some(kind) => MenuItem {
                key: own.key.clone(),
                url: own.url.clone(),
                app_id: own.app_id.clone(),
                page_path: own.page_path.clone(),
                value: own.value.clone(),
                ..MenuItem::new(name, kind)
            },
            None => self.take_answered(own),
        }
    }

    /// A tap with a key of ours. Where the answer cannot be taken, its text stays empty and has to be written.
    fn take_answered(&mut self, own: &OwnMenuItem) -> MenuItem {
        let key = key_of(own);
        let origin = format!("menu:{key}");
        let source = Source::new(Occasion::MenuClick, Some(key.clone()), &own.name, origin);
        let mut item = MenuItem {
            key: Some(key),
            ..MenuItem::new(own.name.clone(), ItemKind::Answer)
        };
        let Some(reply) = &own.reply else {
            self.leave(&source, LeftOutReason::UnknownKind);
            item.text = Some(String::new());
            return item;
        };
        if reply.kind == Some(AnswerKind::Text) {
            // The text is the item's own: publishing the menu makes the answer.
            item.text = Some(reply.text.clone());
            return item;
        }
        if !self.take(source, std::slice::from_ref(reply), false) {
            item.text = Some(String::new());
        }
        item
    }
}

/// All replies as one, where all are texts and fit.
fn one_text(replies: &[OwnReply]) -> Option<OwnReply> {
    let texts = replies.len() > 1 && replies.iter().all(|reply| reply.kind == Some(AnswerKind::Text));
    let text = replies
        .iter()
        .map(|reply| reply.text.as_str())
        .collect::<Vec<_>>()
        .join("\n\n");
    (texts && text.len() <= super::answer_rules::TEXT_BYTES && !text.trim().is_empty()).then(|| OwnReply {
        kind: Some(AnswerKind::Text),
        text,
        media_id: None,
        articles: Vec::new(),
    })
}

fn form_of(source: &Source<'_>, reply: &OwnReply) -> Result<AnswerForm, LeftOutReason> {
    let kind = reply.kind.ok_or(LeftOutReason::UnknownKind)?;
    if kind == AnswerKind::Video {
        return Err(LeftOutReason::VideoAddressOnly);
    }
    let article = reply.articles.first();
    let form = AnswerForm {
        occasion: source.occasion,
        keyword: source.keyword.clone(),
        match_rule: source.match_rule,
        kind,
        text: reply.text.clone(),
        data: AnswerData {
            media_id: reply.media_id.clone(),
            title: article.map(|article| article.title.clone()),
            description: article.map(|article| article.description.clone()),
            picture_url: article.map(|article| article.picture_url.clone()),
            url: article.map(|article| article.url.clone()),
        },
        enabled: true,
    };
    let form = AnswerForm {
        data: shortened(form.data),
        ..form
    };
    form.checked().map_err(|_| LeftOutReason::DoesNotFit)
}

/// Titles and summaries are shown on the phone in a line or two: what is longer is cut, and nothing is refused for it.
fn shortened(mut data: AnswerData) -> AnswerData {
    let cut =
        |text: Option<String>| text.map(|text| text.chars().filter(|c| !c.is_control()).take(120).collect());
    data.title = cut(data.title);
    data.description = cut(data.description);
    data
}

/// The same key for the same item each time, though the provider's ids of its files change with each reading.
fn key_of(own: &OwnMenuItem) -> String {
    let mut hash = Sha256::new();
    let reply = own.reply.as_ref();
    let article = reply.and_then(|reply| reply.articles.first());
    for part in [
        own.word.as_str(),
        &own.name,
        reply.map_or("", |reply| reply.text.as_str()),
        article.map_or("", |article| article.url.as_str()),
    ] {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hash.finalize()
        .iter()
        .take(6)
        .fold(String::from("kefu_"), |mut key, byte| {
            let _ = write!(key, "{byte:02x}");
            key
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::own_automation::{OwnArticle, OwnKeyword};

    fn text(text: &str) -> OwnReply {
        OwnReply {
            kind: Some(AnswerKind::Text),
            text: text.to_owned(),
            media_id: None,
            articles: Vec::new(),
        }
    }

    fn of(kind: AnswerKind, media_id: &str) -> OwnReply {
        OwnReply {
            kind: Some(kind),
            media_id: Some(media_id.to_owned()),
            ..text("")
        }
    }

    fn rule(random: bool, words: &[&str], replies: Vec<OwnReply>) -> OwnReplies {
        let word = |word: &&str| OwnKeyword {
            word: (*word).to_owned(),
            match_rule: MatchRule::Contains,
        };
        OwnReplies {
            rules: vec![OwnRule {
                name: "hours".to_owned(),
                made_at: 7,
                random,
                keywords: words.iter().map(word).collect(),
                replies,
            }],
            ..OwnReplies::default()
        }
    }

    fn reasons(plan: &Plan) -> Vec<LeftOutReason> {
        plan.left_out.iter().map(|left| left.reason).collect()
    }

    #[test]
    fn a_rule_becomes_one_answer_for_each_keyword() {
        let plan = plan_replies(&rule(false, &["open", "hours"], vec![text("9-17")]));
        let words: Vec<_> = plan
            .answers
            .iter()
            .map(|answer| answer.form.keyword.as_deref())
            .collect();
        assert_eq!(words, [Some("open"), Some("hours")]);
        assert_eq!(plan.left_out, []);
    }

    #[test]
    fn all_texts_of_a_rule_become_one_answer_while_they_fit() {
        let plan = plan_replies(&rule(false, &["a"], vec![text("one"), text("two")]));
        assert_eq!(plan.answers[0].form.text, "one\n\ntwo");
        let long = "x".repeat(2000);
        let plan = plan_replies(&rule(false, &["a"], vec![text(&long), text(&long)]));
        assert_eq!(plan.answers[0].form.text, long);
        assert_eq!(reasons(&plan), [LeftOutReason::OnlyOneAnswer]);
    }

    #[test]
    fn of_replies_chosen_at_random_the_first_is_taken() {
        let plan = plan_replies(&rule(true, &["a"], vec![text("one"), text("two")]));
        assert_eq!(plan.answers[0].form.text, "one");
        assert_eq!(reasons(&plan), [LeftOutReason::OnlyOneAnswer]);
    }

    #[test]
    fn what_cannot_be_given_is_named_and_the_next_is_taken() {
        let replies = vec![of(AnswerKind::Video, "http://v"), of(AnswerKind::Image, "M")];
        let plan = plan_replies(&rule(false, &["a"], replies));
        assert_eq!(plan.answers[0].form.data.media_id.as_deref(), Some("M"));
        assert_eq!(reasons(&plan), [LeftOutReason::VideoAddressOnly]);
        let plan = plan_replies(&rule(false, &["a"], vec![text(&"x".repeat(2049))]));
        assert!(plan.answers.is_empty());
        assert_eq!(reasons(&plan), [LeftOutReason::DoesNotFit]);
    }

    #[test]
    fn a_keyword_that_two_rules_have_is_taken_once() {
        let mut own = rule(false, &["Hi"], vec![text("one")]);
        let mut again = own.rules[0].clone();
        again.keywords[0].word = "ｈｉ".to_owned();
        own.rules.push(again);
        let plan = plan_replies(&own);
        assert_eq!(
            (plan.answers.len(), reasons(&plan)),
            (1, vec![LeftOutReason::AlreadyThere])
        );
    }

    fn item(word: &str, kind: Option<ItemKind>, reply: Option<OwnReply>) -> OwnMenuItem {
        OwnMenuItem {
            name: word.to_owned(),
            word: word.to_owned(),
            kind,
            reply,
            key: None,
            url: Some("https://a.example/".to_owned()).filter(|_| kind == Some(ItemKind::View)),
            app_id: None,
            page_path: None,
            value: None,
            items: Vec::new(),
        }
    }

    #[test]
    fn pages_stay_and_what_only_the_console_can_make_becomes_a_tap_with_an_answer() {
        let article = OwnArticle {
            title: "Spring".to_owned(),
            description: String::new(),
            picture_url: "http://mmbiz.qpic.cn/1".to_owned(),
            url: "https://mp.weixin.qq.com/s".to_owned(),
        };
        let news = OwnReply {
            kind: Some(AnswerKind::News),
            articles: vec![article.clone(), article],
            ..text("")
        };
        let mut more = item("more", None, None);
        more.items = vec![
            item("view", Some(ItemKind::View), None),
            item("text", None, Some(text("hello"))),
            item("news", None, Some(news)),
            item("img", None, Some(of(AnswerKind::Image, "M"))),
            item("video", None, Some(of(AnswerKind::Video, "http://v"))),
        ];
        let plan = plan_menu(&[more]);
        let below = &plan.menu[0].items;
        assert_eq!(below[0].url.as_deref(), Some("https://a.example/"));
        assert_eq!(
            (below[1].kind, below[1].text.as_deref()),
            (ItemKind::Answer, Some("hello"))
        );
        assert_eq!(
            (below[3].kind, &below[3].text),
            (ItemKind::Answer, &None),
            "the answer has it"
        );
        assert_eq!(below[4].text.as_deref(), Some(""), "has to be written");
        let keys: Vec<_> = plan
            .answers
            .iter()
            .map(|answer| answer.form.keyword.clone())
            .collect();
        assert_eq!(keys, [below[2].key.clone(), below[3].key.clone()]);
        assert_eq!(
            reasons(&plan),
            [LeftOutReason::OnlyFirstArticle, LeftOutReason::VideoAddressOnly]
        );
    }

    #[test]
    fn taken_over_twice_everything_has_the_same_origin_though_ids_of_files_changed() {
        let menu = |id: &str| plan_menu(&[item("img", None, Some(of(AnswerKind::Image, id)))]);
        let (first, second) = (menu("M1"), menu("M2"));
        assert_eq!(first.answers[0].origin, second.answers[0].origin);
        assert_eq!(first.menu, second.menu);
        let replies = || plan_replies(&rule(false, &["a"], vec![text("one")]));
        assert_eq!(replies(), replies());
    }
}
