//! Applications that people connect: each is registered by its line of `docs/connect.md`, and set up with the fewest
//! settings that its own documentation asks for. The server is the real binary with its defaults.

use serde_json::Value;
use tests::support::installation::{Installation, Running, free_port};
use tests::support::{PASSWORD, provided};
use tokio::process::Command;

use super::USERNAME;
use super::script::{node, passes, python};

/// A user who is not in the group that an application lets in. The password is that of [`USERNAME`].
const OUTSIDER: &str = "bob";

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
        let house = Self { installation, _running: running };
        house.user(USERNAME, " --claims claims.json").await;
        house
    }

    async fn user(&self, name: &str, more: &str) {
        let line =
            format!("user create --username {name} --email {name}@example.com{more} --password-stdin --json");
        let line: Vec<_> = line.split(' ').collect();
        self.installation.answers(&line, PASSWORD).await;
    }

    /// The user is in the group `staff` of the page, the other user in another group.
    async fn groups(&self) {
        self.user(OUTSIDER, "").await;
        for (group, user) in [("staff", USERNAME), ("guests", OUTSIDER)] {
            self.installation.answers(&["group", "create", group, "--json"], "").await;
            self.installation.answers(&["group", "add", group, user, "--json"], "").await;
        }
    }

    /// Runs the line of this section. The only differences from the page are the place of the application and of the binary.
    async fn connect(&self, section: &str, origin: &str) -> Value {
        let line = block(section, "sh").replace("https://app.example", origin);
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

/// The first block of code in this language in a section of the page.
fn block(section: &str, language: &str) -> String {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/connect.md"));
    let page = page.expect("the page");
    let section = page.split(&format!("# {section}\n")).nth(1).expect("the section");
    let section = section.split("\n##").next().expect("the section");
    let block = section.split(&format!("```{language}\n")).nth(1).and_then(|rest| rest.split("\n```").next());
    block.expect("a block of code").to_owned()
}

/// A web application that is connected by the line of its section.
struct Application {
    house: House,
    origin: String,
    /// The path of its redirect URI.
    callback: &'static str,
    client: Value,
}

impl Application {
    async fn connected(section: &str, callback: &'static str) -> Self {
        let house = House::with(&[]).await;
        let origin = format!("http://localhost:{}", free_port());
        let client = house.connect(section, &origin).await;
        Self { house, origin, callback, client }
    }

    fn text(&self, member: &str) -> &str {
        self.client[member].as_str().expect("a text")
    }

    /// A configuration of the page. The only differences from the page are places and secrets.
    fn placed(&self, configuration: &str) -> String {
        let placed = configuration
            .replace("https://login.example", &self.house.installation.issuer)
            .replace("https://app.example", &self.origin)
            .replacen('…', self.text("client_secret"), 1);
        placed.replace('…', "the-application-has-a-secret-for-its-cookies")
    }

    async fn passes(&self, mut script: Command, steps: &[&str]) {
        self.house.pass_user(&mut script);
        script
            .env("CLIENT_ID", self.text("client_id"))
            .env("CLIENT_SECRET", self.text("client_secret"))
            .env("REDIRECT_URI", format!("{}{}", self.origin, self.callback));
        passes(script, steps).await;
    }

    /// The application lets in only members of `staff`, as this section says.
    async fn lets_in_by_group(
        &self,
        section: &str,
        mut script: Command,
        configuration: &str,
        steps: &[&str],
    ) {
        self.house.groups().await;
        self.house.connect(section, &self.origin).await;
        script.env("OUTSIDER_USERNAME", OUTSIDER).env("CONFIGURATION", self.placed(configuration));
        self.passes(script, &[steps, &["group", "refusal of another group"]].concat()).await;
    }
}

#[tokio::test]
async fn auth_js_sees_who_signed_in_and_their_groups() {
    let application = Application::connected("Auth.js 5", "/auth/callback/login").await;
    let steps = ["discovery", "sign-in", "name and e-mail address"];
    let mut script = node("auth_js.mjs");
    script.env("CONFIGURATION", block("Auth.js 5", "js"));
    application.passes(script, &steps).await;
    let section = "Auth.js 5 with groups";
    application.lets_in_by_group(section, node("auth_js.mjs"), &block(section, "js"), &steps).await;
}

#[tokio::test]
async fn next_auth_4_sees_who_signed_in() {
    let application = Application::connected("NextAuth 4", "/api/auth/callback/login").await;
    let steps = ["discovery", "sign-in", "name and e-mail address"];
    application.passes(node("next_auth.mjs"), &steps).await;
}

#[tokio::test]
async fn oauth4webapi_walks_from_discovery_to_revocation() {
    let application = Application::connected("oauth4webapi", "/callback").await;
    let steps = ["discovery", "authorization response", "id token", "userinfo", "refresh", "revocation"];
    application.passes(node("oauth4webapi.mjs"), &steps).await;
}

#[tokio::test]
async fn apache_lets_in_whom_the_server_vouches_for() {
    let (section, with_groups) = ("Apache with mod_auth_openidc", "mod_auth_openidc with groups");
    let application = Application::connected(section, "/secure/redirect_uri").await;
    let steps = ["discovery", "sign-in"];
    let configuration = block(section, "apache");
    let mut script = python("mod_auth_openidc.py");
    // The page asks for any user. Here it is seen that the claims arrive.
    let by_claim = configuration.replace("valid-user", &format!("claim email:{USERNAME}@example.com"));
    script.env("CONFIGURATION", application.placed(&by_claim));
    application.passes(script, &steps).await;

    let (common, _scope_and_place) = configuration.split_once("OIDCScope").expect("the scope");
    let configuration = common.to_owned() + &block(with_groups, "apache");
    application.lets_in_by_group(with_groups, python("mod_auth_openidc.py"), &configuration, &steps).await;
}

#[tokio::test]
async fn jupyterhub_lets_in_whom_the_server_vouches_for() {
    let (section, with_groups) = ("JupyterHub", "JupyterHub with groups");
    let application = Application::connected(section, "/hub/oauth_callback").await;
    let configuration = format!("{}\n{}", block(section, "python"), block(with_groups, "python"));
    let steps = ["sign-in"];
    application.lets_in_by_group(with_groups, python("jupyter_hub.py"), &configuration, &steps).await;
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
