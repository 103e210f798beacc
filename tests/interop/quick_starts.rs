//! Applications that people connect: each is registered by its line of `docs/connect.md`, and set up with the fewest
//! settings that its own documentation asks for. The server is the real binary with its defaults.

use tests::support::installation::{Installation, Running, free_port};
use tests::support::{PASSWORD, provided};
use tokio::process::Command;

use super::USERNAME;
use super::script::{node, passes, python};

/// The server that an application is connected to.
struct House {
    installation: Installation,
    _running: Running,
}

impl House {
    async fn with(settings: &[(&'static str, &str)]) -> Self {
        let installation = Installation::with(settings);
        let running = installation.serves().await;
        let claims = installation.folder().join("claims.json");
        std::fs::write(claims, r#"{"name": "Ada Lovelace"}"#).expect("a file");
        let line =
            "user create --username ada --email ada@example.com --claims claims.json --password-stdin --json";
        let line: Vec<_> = line.split(' ').collect();
        installation.answers(&line, PASSWORD).await;
        Self { installation, _running: running }
    }

    /// Runs the line of this section. The only differences from the page are the place of the application and of the binary.
    async fn connect(&self, section: &str, origin: &str) -> serde_json::Value {
        let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/connect.md"));
        let page = page.expect("the page");
        let section = page.split(&format!("\n## {section}\n")).nth(1).expect("the section");
        let line =
            section.split("```sh\n").nth(1).and_then(|rest| rest.split("\n```").next()).expect("a line");
        let line = line.replace("https://app.example", origin);
        let line = line.replacen("oauth2-server", &provided("SERVER_BINARY", "the server's binary"), 1);
        let ended = self.installation.runs_script(&format!("{line} --json")).await;
        assert!(ended.status.success(), "{line}: {ended:?}");
        serde_json::from_str(&ended.output).expect("JSON")
    }

    fn pass_user(&self, script: &mut Command) {
        script
            .env("ISSUER", &self.installation.issuer)
            .env("LOGIN_USERNAME", USERNAME)
            .env("LOGIN_PASSWORD", PASSWORD);
    }
}

/// A web application signs a user in. `callback` is the path of its redirect URI.
async fn signs_in(section: &str, callback: &str, mut script: Command, steps: &[&str]) {
    let house = House::with(&[]).await;
    let origin = format!("http://localhost:{}", free_port());
    let client = house.connect(section, &origin).await;
    house.pass_user(&mut script);
    script
        .env("CLIENT_ID", client["client_id"].as_str().expect("an id"))
        .env("CLIENT_SECRET", client["client_secret"].as_str().expect("a secret"))
        .env("REDIRECT_URI", format!("{origin}{callback}"));
    passes(script, steps).await;
}

#[tokio::test]
async fn auth_js_sees_who_signed_in() {
    let steps = ["discovery", "sign-in", "name and e-mail address"];
    signs_in("Auth.js 5", "/auth/callback/login", node("auth_js.mjs"), &steps).await;
}

#[tokio::test]
async fn next_auth_4_sees_who_signed_in() {
    let steps = ["discovery", "sign-in", "name and e-mail address"];
    signs_in("NextAuth 4", "/api/auth/callback/login", node("next_auth.mjs"), &steps).await;
}

#[tokio::test]
async fn oauth4webapi_walks_from_discovery_to_revocation() {
    let steps = ["discovery", "authorization response", "id token", "userinfo", "refresh", "revocation"];
    signs_in("oauth4webapi", "/callback", node("oauth4webapi.mjs"), &steps).await;
}

#[tokio::test]
async fn apache_lets_in_whom_the_server_vouches_for() {
    let steps = ["discovery", "sign-in"];
    let section = "Apache with mod_auth_openidc";
    signs_in(section, "/secure/redirect_uri", python("mod_auth_openidc.py"), &steps).await;
}

#[tokio::test]
async fn oidc_agent_registers_itself_and_gets_tokens() {
    let house = House::with(&[("OAUTH2_DYNAMIC_REGISTRATION", "open")]).await;
    let mut script = python("oidc_agent.py");
    house.pass_user(&mut script);
    passes(script, &["registration", "tokens", "userinfo"]).await;
}

/// A client of an MCP server registers itself and calls a tool.
async fn calls_a_tool(mut script: Command, resource: &str, house: &House) {
    house.pass_user(&mut script);
    script.env("RESOURCE", resource);
    passes(script, &["registration", "tokens", "tool"]).await;
}

/// The server for MCP, and the URL of an MCP server that is registered there.
async fn with_mcp_server() -> (House, String) {
    let house = House::with(&[("OAUTH2_DYNAMIC_REGISTRATION", "open")]).await;
    let origin = format!("http://127.0.0.1:{}", free_port());
    house.connect("Model Context Protocol", &origin).await;
    (house, format!("{origin}/mcp"))
}

#[tokio::test]
async fn an_mcp_client_in_typescript_registers_itself_and_calls_a_tool() {
    let (house, resource) = with_mcp_server().await;
    calls_a_tool(node("mcp.mjs"), &resource, &house).await;
}

#[tokio::test]
async fn an_mcp_client_in_python_registers_itself_and_calls_a_tool() {
    let (house, resource) = with_mcp_server().await;
    let mut server = node("mcp_server.mjs");
    server.env("ISSUER", &house.installation.issuer).env("RESOURCE", &resource);
    let _server = listening(server).await;
    calls_a_tool(python("mcp_client.py"), &resource, &house).await;
}

/// Starts a program, and waits for its first line. Dropping it kills the program.
async fn listening(mut program: Command) -> tokio::process::Child {
    use std::process::Stdio;
    use tokio::io::{AsyncBufReadExt, BufReader};
    let mut process =
        program.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true).spawn().expect("a process");
    let output = process.stdout.take().expect("its output");
    let line = BufReader::new(output).lines().next_line().await.expect("its output");
    assert_eq!(line.as_deref(), Some("ok mcp server"));
    process
}
