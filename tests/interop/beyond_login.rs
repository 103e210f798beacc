//! openid-client and Authlib use features beyond a login: pairwise subjects, signed UserInfo
//! (OpenID Connect Core §5.3.2, §8).

use domain::SigningAlgorithm;
use domain::subject::SubjectType;
use tests::support::{PASSWORD, RelyingParty, TestServer};
use tokio::process::Command;

use super::USERNAME;
use super::script::{node, passes, python};

/// A client with pairwise subjects and signed UserInfo.
async fn client(server: &TestServer, id: &str) -> RelyingParty {
    RelyingParty::register(server, id, |client| {
        client.redirect_uris =
            vec![format!("https://{id}.example/callback").parse().expect("a redirect URI")];
        client.subject.subject_type = SubjectType::Pairwise;
        client.userinfo_signed_response_alg = Some(SigningAlgorithm::Es256);
    })
    .await
}

async fn walk(mut script: Command, steps: &[&str]) {
    let server = TestServer::in_real_time().await;
    server.user(USERNAME).await;
    for (name, id) in [("ONE", "one"), ("TWO", "two")] {
        let client = client(&server, id).await;
        script
            .env(format!("{name}_ID"), &client.id)
            .env(format!("{name}_SECRET"), client.secret.as_deref().expect("a secret"))
            .env(format!("{name}_URI"), &client.redirect_uri);
    }
    script.env("ISSUER", &server.issuer).env("LOGIN_USERNAME", USERNAME).env("LOGIN_PASSWORD", PASSWORD);
    passes(script, steps).await;
}

#[tokio::test]
async fn openid_client_goes_beyond_a_login() {
    let steps = ["discovery", "pairwise subjects", "signed userinfo", "prompt=none", "max_age", "claims"];
    walk(node("openid.mjs"), &steps).await;
}

#[tokio::test]
async fn authlib_verifies_a_signed_userinfo_about_pairwise_subjects() {
    walk(python("userinfo.py"), &["discovery", "pairwise subjects", "signed userinfo"]).await;
}
