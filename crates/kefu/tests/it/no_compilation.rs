//! PostgreSQL must not compile the statements of a batch: that takes hundreds of milliseconds of its processor, each time.

use crate::harness::{Compiled, Desk, RawPush};

#[tokio::test]
async fn messages_and_follows_of_new_people_are_stored_without_compiling_a_statement() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let Some(mut compiled) = Compiled::watch(&desk).await else {
        return;
    };
    let before = compiled.files().await;
    let push = RawPush::to(&channel);
    for id in 0..3 {
        let text = push.text(&format!("oNew{id}"), 100 + id, "hello");
        assert_eq!(push.post(text).await.0, 200);
    }
    desk.phone(&channel).await;
    assert_eq!(compiled.files().await, before);
}
