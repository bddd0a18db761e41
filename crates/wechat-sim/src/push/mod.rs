//! Delivers what followers do to the account's callback: in order for each follower, with time-outs and repeats.
//! `body.rs` writes the XML, `attempt.rs` makes one request, `reply.rs` reads what the callback answers.
mod attempt;
pub(crate) mod body;
mod json;
mod receipt;
mod reply;
mod sign;
mod verify;
mod xml;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::clock::rfc3339;
use crate::state::delivery::{Attempt, Delivery, Outcome};
use crate::state::fault::{Fault, On, Subject};
use crate::state::follower::PushState;
use crate::state::{Line, State};
use crate::world::World;

pub(crate) use receipt::{Receipt, send_receipt};
pub(crate) use verify::{Verification, verify_url};

/// What the customer reads when the account did not answer.
pub(crate) const FAILURE_LINE: &str = "该公众号暂时无法提供服务，请稍后再试";
/// After an abnormal answer the same push comes again this soon.
const ABNORMAL_PAUSE: Duration = Duration::from_secs(1);
/// A push that is to be overtaken waits this long for another one.
const OVERTAKEN_WITHIN: Duration = Duration::from_secs(1);

/// One thing a follower did.
#[derive(Debug, Clone)]
pub(crate) struct Push {
    pub(crate) delivery_id: String,
    pub(crate) app_id: String,
    pub(crate) openid: String,
    /// The clear XML; every attempt sends the same.
    pub(crate) xml: String,
    /// The line on the phone that shows how the push stands.
    pub(crate) item_id: Option<u64>,
    /// Whether the customer is told when all attempts failed.
    pub(crate) tells_failure: bool,
}

struct Waiting {
    push: Push,
    done: oneshot::Sender<()>,
}

/// The pushes that wait, by follower. A follower has an entry while a worker is at it.
pub(crate) type Queues = HashMap<(String, String), VecDeque<Entry>>;

/// A queued push (opaque outside of this folder).
pub(crate) struct Entry(Waiting);

/// Queues a push; the receiver hears when it was accepted or given up.
pub(crate) fn enqueue(
    world: &Arc<World>,
    state: &mut State,
    push: Push,
    msg_id: Option<String>,
    event: Option<String>,
) -> oneshot::Receiver<()> {
    let (done, receiver) = oneshot::channel();
    let key = (push.app_id.clone(), push.openid.clone());
    let delivery = Delivery {
        delivery_id: push.delivery_id.clone(),
        msg_id,
        event,
        at: rfc3339(world.now_ms()),
        openid: push.openid.clone(),
        acknowledged: false,
        attempts: Vec::new(),
    };
    state.add_delivery(&push.app_id, delivery);
    let mut queues = world
        .queues
        .lock()
        .expect("nothing panics while it holds the queues");
    let is_idle = !queues.contains_key(&key);
    queues
        .entry(key.clone())
        .or_default()
        .push_back(Entry(Waiting { push, done }));
    drop(queues);
    if is_idle {
        tokio::spawn(work_off(Arc::clone(world), key));
    }
    receiver
}

/// Delivers the pushes of one follower until none is left.
async fn work_off(world: Arc<World>, key: (String, String)) {
    while let Some(waiting) = next(&world, &key) {
        deliver(&world, &key, waiting).await;
    }
}

fn next(world: &World, key: &(String, String)) -> Option<Waiting> {
    if world.is_stopped() {
        return None;
    }
    let mut queues = world
        .queues
        .lock()
        .expect("nothing panics while it holds the queues");
    let queue = queues.get_mut(key)?;
    let first = queue.pop_front();
    if first.is_none() {
        queues.remove(key);
    }
    first.map(|entry| entry.0)
}

/// Applies the faults that concern the push as a whole, then starts it.
async fn deliver(world: &Arc<World>, key: &(String, String), waiting: Waiting) {
    let fault = take_fault(world, &waiting.push, Fault::concerns_whole_push);
    let Some(fault) = fault else {
        return start(world, waiting, 0).await;
    };
    if let Some(delay) = fault.delay() {
        tokio::time::sleep(delay).await;
    }
    if fault.drop == Some(true) {
        set_state(world, &waiting.push, PushState::Failed);
        let _ = waiting.done.send(());
        return;
    }
    if fault.reorder == Some(true)
        && let Some(overtaking) = overtaking(world, key).await
    {
        start(world, overtaking, 0).await;
    }
    start(world, waiting, fault.duplicate.map_or(0, |copies| copies.count())).await;
}

/// The next push of the same follower, if one comes soon.
async fn overtaking(world: &World, key: &(String, String)) -> Option<Waiting> {
    let deadline = Instant::now() + OVERTAKEN_WITHIN;
    while Instant::now() < deadline {
        if let Some(waiting) = queued(world, key) {
            return Some(waiting);
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    None
}

fn queued(world: &World, key: &(String, String)) -> Option<Waiting> {
    let mut queues = world
        .queues
        .lock()
        .expect("nothing panics while it holds the queues");
    queues.get_mut(key)?.pop_front().map(|entry| entry.0)
}

/// Makes the first attempt (with its copies); the repeats go on by themselves, so that the next push can start.
async fn start(world: &Arc<World>, waiting: Waiting, copies: u32) {
    let Waiting { push, done } = waiting;
    let Some((deliveries, callback)) = target(world, &push) else {
        set_state(world, &push, PushState::Failed);
        let _ = done.send(());
        return;
    };
    if callback.is_empty() {
        set_state(world, &push, PushState::Delivered);
        let _ = done.send(());
        return;
    }
    let attempts = join_all((0..=copies).map(|_| attempt_once(world, &push))).await;
    if attempts
        .iter()
        .any(|attempt| attempt.outcome == Outcome::Accepted)
    {
        settle(world, &push, true);
        let _ = done.send(());
        return;
    }
    let world = Arc::clone(world);
    let first = attempts[0];
    tokio::spawn(async move {
        repeat(&world, &push, first, deliveries).await;
        let _ = done.send(());
    });
}

/// How often to try and where; `None` while the callback is marked as failing. What people on the blacklist do goes nowhere.
fn target(world: &World, push: &Push) -> Option<(u32, String)> {
    let now_ms = world.now_ms();
    let state = world.state();
    let account = state.accounts.get(&push.app_id)?;
    let follower = account.followers.get(&push.openid);
    if follower.is_some_and(|follower| follower.blacklisted) {
        return Some((0, String::new()));
    }
    let is_marked = account.spec.mark_fail && account.mark_fail.is_marked(now_ms);
    (!is_marked).then(|| (account.spec.deliveries, account.spec.callback_url.clone()))
}

async fn repeat(world: &Arc<World>, push: &Push, first: Attempt, deliveries: u32) {
    let mut last = first;
    for _ in 1..deliveries {
        if matches!(
            last.outcome,
            Outcome::BadStatus | Outcome::BadReply | Outcome::Cut
        ) {
            tokio::time::sleep(ABNORMAL_PAUSE.min(timeout(world, push))).await;
        }
        if world.is_stopped() {
            return;
        }
        last = attempt_once(world, push).await;
        if last.outcome == Outcome::Accepted {
            break;
        }
    }
    settle(world, push, last.outcome == Outcome::Accepted);
}

/// One request with its entry in the books. A refused connection is waited out as a silent one would be.
async fn attempt_once(world: &Arc<World>, push: &Push) -> Attempt {
    let timeout = timeout(world, push);
    let started = Instant::now();
    let fault = take_fault(world, push, |fault| !fault.concerns_whole_push());
    if let Some(delay) = fault.as_ref().and_then(Fault::delay) {
        tokio::time::sleep(delay).await;
    }
    let begun = Instant::now();
    let ended = attempt::run(world, push, timeout, fault.as_ref()).await;
    let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let attempt = Attempt {
        http_status: ended.http_status,
        outcome: ended.outcome,
        ms,
    };
    let is_news = world
        .state()
        .add_attempt(&push.app_id, &push.delivery_id, attempt);
    if let Some(line) = ended.reply.filter(|_| is_news) {
        show_reply(world, push, line);
    }
    if attempt.outcome == Outcome::Refused {
        tokio::time::sleep_until(begun + timeout).await;
    }
    attempt
}

/// Shows a passive reply, unless the follower has left.
fn show_reply(world: &World, push: &Push, line: Line) {
    let now_ms = world.now_ms();
    let mut state = world.state();
    let Some(follower) = state.follower_mut(&push.app_id, &push.openid) else {
        return;
    };
    if !follower.subscribed {
        return;
    }
    follower.talked_ms = Some(now_ms);
    follower.typing_until_ms = None;
    state.show(&push.app_id, &push.openid, line, now_ms);
    drop(state);
    world.timeline_changed(&push.app_id, &push.openid);
}

fn timeout(world: &World, push: &Push) -> Duration {
    let ms = world
        .state()
        .accounts
        .get(&push.app_id)
        .map_or(5000, |account| account.spec.push_timeout_ms);
    Duration::from_millis(ms)
}

fn take_fault(world: &World, push: &Push, wanted: impl Fn(&Fault) -> bool) -> Option<Fault> {
    let subject = Subject {
        on: On::Push,
        path: "",
        app_id: Some(&push.app_id),
        openid: Some(&push.openid),
    };
    world.state().faults.take(subject, wanted)
}

/// Books the end of a push and shows it on the phone.
fn settle(world: &World, push: &Push, accepted: bool) {
    let now_ms = world.now_ms();
    if let Some(account) = world.state().accounts.get_mut(&push.app_id) {
        account.mark_fail.note(accepted, now_ms);
    }
    set_state(
        world,
        push,
        if accepted {
            PushState::Delivered
        } else {
            PushState::Failed
        },
    );
    if !accepted && push.tells_failure {
        world
            .state()
            .show(&push.app_id, &push.openid, Line::system(FAILURE_LINE), now_ms);
        world.timeline_changed(&push.app_id, &push.openid);
    }
}

fn set_state(world: &World, push: &Push, push_state: PushState) {
    let Some(item_id) = push.item_id else { return };
    if let Some(follower) = world.state().follower_mut(&push.app_id, &push.openid)
        && let Some(item) = follower.item_mut(item_id)
    {
        item.state = Some(push_state);
    }
    world.timeline_changed(&push.app_id, &push.openid);
}
