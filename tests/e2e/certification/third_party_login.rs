//! Third-party-initiated login (OpenID Connect Core §4): where a client wants to be sent somebody who is to sign in.

use serde_json::{Value, json};

use super::Plan;

#[tokio::test]
async fn initiate_login_uri_is_kept_and_told_and_is_https() {
    let plan = Plan::begin(json!({})).await;
    let uri = "https://suite.example/test/a/initiate";
    let registered = plan.register(json!({"initiate_login_uri": uri})).await;
    assert_eq!(registered.status(), 201);
    let registered: Value = registered.json().await.unwrap();
    assert_eq!(registered["initiate_login_uri"], uri);
    let read = plan.client.http().get(registered["registration_client_uri"].as_str().unwrap());
    let read =
        read.bearer_auth(registered["registration_access_token"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(read.status(), 200);
    assert_eq!(read.json::<Value>().await.unwrap()["initiate_login_uri"], uri);
    for wrong in [json!("http://suite.example/initiate"), json!("http://127.0.0.1/initiate"), json!(1)] {
        let refused = plan.register(json!({"initiate_login_uri": wrong})).await;
        assert_eq!(refused.status(), 400, "{wrong}");
        assert_eq!(refused.json::<Value>().await.unwrap()["error"], "invalid_client_metadata");
    }
}
