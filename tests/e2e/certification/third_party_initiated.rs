//! Third-party-initiated login (OpenID Connect Core §4): the server stores and returns
//! `initiate_login_uri`, and requires https.

use serde_json::json;

use super::module::{Mode, Module, json_of};

#[tokio::test]
async fn oidcc_registration_initiate_login_uri() {
    let uri = "https://suite.example/initiate?tenant=1";
    let module = Module::begin(Mode::Query, json!({ "initiate_login_uri": uri })).await;
    let document = &module.client.document;
    assert_eq!(document["initiate_login_uri"], uri);
    let text = |member: &str| document[member].as_str().unwrap();
    let request = module.client.party.http().get(text("registration_client_uri"));
    let answer = module.client.party.send(request.bearer_auth(text("registration_access_token"))).await;
    assert_eq!(json_of(answer, 200).await["initiate_login_uri"], uri);
    module.end().await;
}

#[tokio::test]
async fn oidcc_registration_initiate_login_uri_http() {
    let module = Module::begin(Mode::Query, json!({})).await;
    let refused = module.register(json!({"initiate_login_uri": "http://suite.example/initiate"})).await;
    assert_eq!(json_of(refused, 400).await["error"], "invalid_client_metadata");
    module.end().await;
}
