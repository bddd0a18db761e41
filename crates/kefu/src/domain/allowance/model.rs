//! The rules against a model of their own, written from the requirements (R-50 to R-52 and the decisions above them)
//! and not from the code: it keeps the whole history and counts it anew for each question.

use super::{Books, Calendar, Grant, MonthlyBooks, Policy, ReplyReason, ReplySituation, Route};
use crate::domain::channel::{AccountKind, ChannelState, ReplyPolicy};
use crate::domain::conversation::ConversationState;
use crate::domain::ids::AgentId;
use crate::domain::time::{HOUR_MS, MINUTE_MS, Time};
use proptest::prelude::*;

const ME: AgentId = AgentId(1);
const ZONE: &str = "Asia/Shanghai";
/// 2026-11-29 00:00 in Shanghai: the month ends soon.
const START: i64 = 1_795_881_600_000;

/// What happens, one after the other.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// The clock goes on.
    Pass(i64),
    /// The contact writes, or follows, scans or taps.
    Granted(Grant),
    /// An agent writes, if the composer lets them. It leaves at once, fails, or its end is unknown.
    Send(End),
    /// WeChat refuses a reply with this number.
    Refuse(i64),
    /// The contact unfollows.
    Leave,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Sent,
    Failed,
    Unknown,
}

/// A message that took a place and did not give it back.
#[derive(Debug, Clone, Copy)]
struct Kept {
    at: i64,
    route: Route,
}

/// The history as a person would write it down.
struct Model {
    kind: AccountKind,
    /// 48 hours without a count, or with five.
    five: bool,
    now: i64,
    /// The last message of the contact, unless they left after it: when, and how many places had been taken before it.
    wrote: Option<(i64, usize)>,
    /// WeChat has said since then that the window is closed, or that the count is used up.
    closed: Option<i64>,
    used_up: bool,
    follows: bool,
    ever: bool,
    kept: Vec<Kept>,
}

#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Window { left: Option<i64>, until: i64 },
    Monthly { left: i64 },
    Nothing(ReplyReason),
}

/// The month in Shanghai, counted without any library: it has no summer time, and the model's year is 2026 or 2027.
fn month(at: i64) -> i64 {
    const ENDS: [i64; 4] = [
        1_796_054_400_000,
        1_798_732_800_000,
        1_801_411_200_000,
        1_803_830_400_000,
    ];
    ENDS.iter().filter(|end| at >= **end).count() as i64
}

fn day(at: i64) -> i64 {
    (at + 8 * HOUR_MS).div_euclid(24 * HOUR_MS)
}

impl Model {
    fn answer(&self) -> Answer {
        if !self.follows {
            return Answer::Nothing(ReplyReason::ContactUnsubscribed);
        }
        if !self.ever {
            return Answer::Nothing(ReplyReason::ContactNeverWrote);
        }
        let open = self
            .wrote
            .filter(|(at, _)| self.now < at + 48 * HOUR_MS && self.closed.is_none());
        match open {
            Some((at, before)) => self.in_window(at, before),
            None => self.after(),
        }
    }

    fn in_window(&self, at: i64, before: usize) -> Answer {
        let taken = self.kept[before..].iter();
        let since = taken.filter(|kept| kept.route == Route::Window).count() as i64;
        if self.used_up || (self.five && since >= 5) {
            return Answer::Nothing(ReplyReason::QuotaExhausted);
        }
        Answer::Window {
            left: self.five.then_some(5 - since),
            until: at + 48 * HOUR_MS,
        }
    }

    fn after(&self) -> Answer {
        let monthly = || self.kept.iter().filter(|k| k.route == Route::Monthly);
        let left = match self.kind {
            AccountKind::Service => 4 - monthly().filter(|k| month(k.at) == month(self.now)).count() as i64,
            AccountKind::Subscription => 1 - monthly().filter(|k| day(k.at) == day(self.now)).count() as i64,
            AccountKind::Test | AccountKind::Enterprise => return Answer::Nothing(ReplyReason::WindowClosed),
        };
        if left > 0 {
            Answer::Monthly { left }
        } else {
            Answer::Nothing(ReplyReason::QuotaExhausted)
        }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Pass(ms) => self.now += ms,
            Step::Granted(Grant::Message) => {
                (self.wrote, self.closed, self.used_up) = (Some((self.now, self.kept.len())), None, false);
                (self.ever, self.follows) = (true, true);
            }
            Step::Granted(Grant::Follow) => self.follows = true,
            Step::Granted(Grant::Scan | Grant::MenuClick) => {}
            Step::Send(end) => {
                let route = match self.answer() {
                    Answer::Window { .. } => Route::Window,
                    Answer::Monthly { .. } => Route::Monthly,
                    Answer::Nothing(_) => return,
                };
                if end != End::Failed {
                    self.kept.push(Kept { at: self.now, route });
                }
            }
            Step::Refuse(number) => {
                if !matches!(self.answer(), Answer::Window { .. }) {
                    return;
                }
                match number {
                    45015 => self.closed = Some(self.now),
                    _ => self.used_up = true,
                }
            }
            Step::Leave => (self.follows, self.wrote) = (false, None),
        }
    }
}

/// The code under test, driven the way actions and settlements drive it.
struct Real {
    kind: AccountKind,
    policy: Policy,
    now: i64,
    books: Books,
    monthly: MonthlyBooks,
    follows: bool,
    ever: bool,
}

impl Real {
    fn situation(&self) -> ReplySituation<'_> {
        ReplySituation {
            channel: ChannelState::Active,
            account_kind: self.kind,
            verified: true,
            blocked: false,
            state: ConversationState::Open,
            assignee: Some(ME),
            unsubscribed: !self.follows,
            approved: true,
            ever_wrote: self.ever,
            policy: self.policy,
            time_zone: ZONE,
            books: self.books,
            monthly: self.monthly,
        }
    }

    fn answer(&self) -> Answer {
        let reply = self.situation().decide(ME, Time(self.now));
        assert_eq!(reply.allowed, reply.reason == ReplyReason::Ok);
        match reply.route {
            Some(Route::Window) => Answer::Window {
                left: reply.remaining,
                until: reply.until.expect("a window ends").0,
            },
            Some(Route::Monthly) => {
                assert!(reply.until.expect("a month ends").0 > self.now);
                Answer::Monthly {
                    left: reply.remaining.expect("a month has a count"),
                }
            }
            None => Answer::Nothing(reply.reason),
        }
    }

    /// As the two ledgers take a place.
    fn take_monthly(&mut self) {
        let calendar = Calendar::at(Time(self.now), ZONE);
        let again = |same: bool, used: Option<i64>| Some(if same { used.unwrap_or(0) + 1 } else { 1 });
        let books = &mut self.monthly;
        books.used = again(books.month == Some(calendar.month), books.used);
        books.account_used = again(books.account_day == Some(calendar.day), books.account_used);
        (books.month, books.account_day) = (Some(calendar.month), Some(calendar.day));
    }

    fn give_back_monthly(&mut self) {
        self.monthly.used = self.monthly.used.map(|used| used - 1);
        self.monthly.account_used = self.monthly.account_used.map(|used| used - 1);
    }

    fn send(&mut self, end: End) {
        match self.situation().decide(ME, Time(self.now)).route {
            Some(Route::Window) => {
                self.books.reserve();
                match end {
                    End::Failed => self.books.give_back(&self.policy),
                    End::Sent | End::Unknown => self.books.spent(),
                }
            }
            Some(Route::Monthly) => {
                self.take_monthly();
                if end == End::Failed {
                    self.give_back_monthly();
                }
            }
            None => {}
        }
    }

    fn refuse(&mut self, number: i64) {
        if self.situation().decide(ME, Time(self.now)).route == Some(Route::Window) {
            self.books.reserve();
            self.books.give_back(&self.policy);
            self.books.refused(number, Time(self.now));
        }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Pass(ms) => self.now += ms,
            Step::Granted(grant) => {
                self.books.grant(&self.policy, grant, Time(self.now));
                self.ever |= grant == Grant::Message;
                self.follows |= matches!(grant, Grant::Message | Grant::Follow);
            }
            Step::Send(end) => self.send(end),
            Step::Refuse(number) => self.refuse(number),
            Step::Leave => {
                self.books.close();
                self.follows = false;
            }
        }
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let pass = prop_oneof![
        1..5 * MINUTE_MS,
        Just(HOUR_MS),
        Just(48 * HOUR_MS - 1),
        Just(48 * HOUR_MS),
        Just(24 * HOUR_MS),
        HOUR_MS..20 * 24 * HOUR_MS,
    ];
    let end = prop_oneof![4 => Just(End::Sent), 1 => Just(End::Failed), 1 => Just(End::Unknown)];
    let step = prop_oneof![
        4 => pass.prop_map(Step::Pass),
        3 => Just(Step::Granted(Grant::Message)),
        1 => prop_oneof![Just(Grant::Follow), Just(Grant::Scan), Just(Grant::MenuClick)].prop_map(Step::Granted),
        8 => end.prop_map(Step::Send),
        1 => prop_oneof![Just(45015), Just(45047)].prop_map(Step::Refuse),
        1 => Just(Step::Leave),
    ];
    prop::collection::vec(step, 1..80)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]
    #[test]
    fn every_history_is_answered_as_the_requirements_say(
        steps in steps(),
        five in any::<bool>(),
        kind in prop_oneof![3 => Just(AccountKind::Service), 1 => Just(AccountKind::Subscription), 1 => Just(AccountKind::Test)],
    ) {
        let named = if five { ReplyPolicy::WechatCurrent } else { ReplyPolicy::Documented };
        let mut model = Model {
            kind, five, now: START, wrote: None, closed: None, used_up: false, follows: true, ever: false, kept: Vec::new(),
        };
        let mut real = Real {
            kind, policy: Policy::of(named, None), now: START, books: Books::default(),
            monthly: MonthlyBooks::default(), follows: true, ever: false,
        };
        for (number, step) in steps.iter().enumerate() {
            // The model's calendar ends with February 2027.
            if month(model.now) > 3 { break; }
            model.step(*step);
            real.step(*step);
            prop_assert_eq!(real.answer(), model.answer(), "after step {} of {:?}", number, &steps);
        }
    }
}
