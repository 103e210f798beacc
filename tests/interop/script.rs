//! Runs openid-client (JavaScript) and Authlib (Python), each as a script in its own process.

use std::path::Path;

use tests::support::{PASSWORD, RelyingParty, TestServer, provided};
use tokio::process::Command;

use super::{USERNAME, server_and_client};

#[tokio::test]
async fn openid_client_walks_from_discovery_to_revocation() {
    walk(node("flow.mjs")).await;
}

#[tokio::test]
async fn authlib_walks_from_discovery_to_revocation() {
    walk(python("flow.py")).await;
}

/// The command that runs a script of the folder `python`.
pub(super) fn python(script: &str) -> Command {
    let interpreter = provided("INTEROP_PYTHON", "the Python where the libraries are installed");
    let mut python = Command::new(interpreter);
    python.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("interop/python").join(script));
    python
}

/// The command that runs a script of the folder `node`.
pub(super) fn node(script: &str) -> Command {
    let folder = provided("INTEROP_NODE_DIR", "the folder where the packages are installed");
    let mut node = Command::new("node");
    node.arg(Path::new(&folder).join(script));
    node
}

async fn walk(mut script: Command) {
    let (server, client) = server_and_client().await;
    pass_credentials(&mut script, &server, &client);
    let steps =
        ["discovery", "id token", "userinfo", "refresh", "introspection", "revocation of the refresh token"];
    passes(script, &steps).await;
}

/// Passes the server, the client and the user's credentials to a script.
pub(super) fn pass_credentials(script: &mut Command, server: &TestServer, client: &RelyingParty) {
    script
        .env("ISSUER", &server.issuer)
        .env("CLIENT_ID", &client.id)
        .env("CLIENT_SECRET", client.secret.as_deref().expect("a secret"))
        .env("REDIRECT_URI", &client.redirect_uri)
        .env("LOGIN_USERNAME", USERNAME)
        .env("LOGIN_PASSWORD", PASSWORD);
}

/// Runs a script. It prints `ok <step>` for each step, and exits with 0 only if all steps pass.
pub(super) async fn passes(mut script: Command, steps: &[&str]) {
    let output = script
        .kill_on_drop(true)
        .output()
        .await
        .unwrap_or_else(|error| panic!("{script:?} does not start ({error}); `tests/run` installs it"));
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{said}");
    assert!(output.status.success(), "{}:\n{said}{}", output.status, String::from_utf8_lossy(&output.stderr));
    for step in steps {
        assert!(said.lines().any(|line| line == format!("ok {step}")), "no step {step}");
    }
}
