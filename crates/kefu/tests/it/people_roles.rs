//! A walk through the administrative calls on people: nobody but an administrator gets through.

use crate::harness::{Api, Desk};
use reqwest::Method;

#[tokio::test]
async fn agents_viewers_and_supervisors_are_refused_on_every_call_about_people() {
    let desk = Desk::start().await;
    let channel = desk
        .channel_with(serde_json::json!({"account_kind": "enterprise"}))
        .await;
    let calls = [
        (Method::PATCH, "/installation".to_owned()),
        (Method::POST, "/departments".to_owned()),
        (Method::PATCH, format!("/departments/{}", desk.department)),
        (
            Method::DELETE,
            format!("/departments/{}?move_to=dp_1", desk.department),
        ),
        (Method::POST, "/agents".to_owned()),
        (Method::PATCH, "/agents/ag_1".to_owned()),
        (Method::GET, "/agents/ag_1/workload".to_owned()),
        (Method::POST, "/agents/ag_1/invitation".to_owned()),
        (Method::GET, format!("/channels/{}/approvals", channel.id)),
        (Method::GET, format!("/channels/{}/approvals/counts", channel.id)),
        (Method::POST, "/contacts/ct_1/approve".to_owned()),
        (Method::POST, "/contacts/ct_1/decline".to_owned()),
    ];
    let nobody = Api::new(&desk.admin.base);
    for (method, path) in &calls {
        nobody
            .send(method.clone(), path, None)
            .await
            .refused(401, "not_signed_in");
    }
    for role in ["supervisor", "agent", "viewer"] {
        let api = desk.agent_with_role(&channel, role).await;
        for (method, path) in &calls {
            api.send(method.clone(), path, Some("{broken".into()))
                .await
                .refused(403, "not_permitted");
        }
    }
}
