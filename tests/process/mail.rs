//! Mails by a real SMTP server (aiosmtpd): it is stopped, slow, busy, refuses, and dies in the middle. Nothing is lost, and no login
//! waits.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use tests::support::{Browser, PASSWORD, SelfSigned, provided};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use crate::installation::{Installation, PROCESS_TIMEOUT, free_port};

const NEW: &str = "a long enough password";

/// The mails that were taken, in files.
struct Mailbox {
    port: u16,
    folder: TempDir,
    certificate: SelfSigned,
}

/// A running SMTP server. Dropping it kills the process.
struct Smtp(Child);

impl Mailbox {
    fn new() -> Self {
        Self {
            port: free_port(),
            folder: tempfile::tempdir().expect("a folder"),
            certificate: SelfSigned::new(),
        }
    }

    /// An SMTP server that behaves like this.
    async fn served(&self, behaviour: &str) -> Smtp {
        let python = provided("INTEROP_PYTHON", "the Python where aiosmtpd is installed");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("process/smtp_server.py");
        let mut command = Command::new(python);
        command.arg(script).arg(self.port.to_string()).arg(self.folder.path()).arg(behaviour);
        if behaviour.ends_with("tls") {
            let files = self.certificate.files();
            command.arg(files.certificate).arg(files.key);
        }
        let mut process = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("a process");
        let mut lines = BufReader::new(process.stdout.take().expect("its output")).lines();
        let line = timeout(PROCESS_TIMEOUT, lines.next_line()).await.expect("it listens").expect("a line");
        assert_eq!(line.as_deref(), Some("listening"));
        Smtp(process)
    }

    fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// A server that sends its mails here.
    fn installation(&self) -> Installation {
        Installation::with(&[
            ("OAUTH2_SMTP_URL", &self.url()),
            ("OAUTH2_MAIL_FROM", "Example <no-reply@example.com>"),
            ("OAUTH2_BRAND_NAME", "Harbour Club"),
        ])
    }

    /// The mails that have arrived so far, the oldest first.
    fn arrived(&self) -> Vec<Value> {
        let entries = std::fs::read_dir(self.folder.path()).expect("the folder");
        let mut files: Vec<_> = entries
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|kind| kind == "json"))
            .collect();
        files.sort_by_key(|path| path.metadata().and_then(|it| it.modified()).expect("a time"));
        let read = |path: &std::path::PathBuf| std::fs::read_to_string(path).expect("a mail");
        files.iter().map(|path| serde_json::from_str(&read(path)).expect("JSON")).collect()
    }

    /// Waits until this many mails have arrived.
    async fn holds(&self, count: usize) -> Vec<Value> {
        let waited = timeout(PROCESS_TIMEOUT, async {
            while self.arrived().len() < count {
                sleep(Duration::from_millis(50)).await;
            }
        });
        waited.await.unwrap_or_else(|_| panic!("{} of {count} mails have arrived", self.arrived().len()));
        let arrived = self.arrived();
        assert_eq!(arrived.len(), count, "{arrived:#?}");
        arrived
    }
}

impl Smtp {
    async fn stops(mut self) {
        self.0.kill().await.expect("a process");
    }

    /// Waits for the end of a server that dies by itself.
    async fn dies(mut self) {
        timeout(PROCESS_TIMEOUT, self.0.wait()).await.expect("it dies").expect("an end");
    }
}

/// A user `ada` with an e-mail address and this language.
async fn ada(installation: &Installation, locale: &str) {
    let claims = installation.folder().join("claims.json");
    std::fs::write(&claims, format!(r#"{{"locale": "{locale}"}}"#)).expect("a file");
    let claims = claims.display().to_string();
    let line = ["user", "create", "--username", "ada", "--email", "ada@example.com", "--claims", &claims];
    installation.answers(&[&line[..], &["--password-stdin", "--json"]].concat(), PASSWORD).await;
}

/// Asks for a new password, and answers how long that took.
async fn forgets(installation: &Installation, name: &str) -> Duration {
    let browser = Browser::new(&installation.issuer);
    let page = browser.open("/forgot").await.page();
    let began = Instant::now();
    assert!(browser.submit(&page, &[("username", name)]).await.page().has("#forgot-sent"));
    began.elapsed()
}

/// Signs in, and answers how long that took.
async fn signs_in(installation: &Installation, password: &str) -> Duration {
    let browser = Browser::new(&installation.issuer);
    let page = browser.open("/login").await.page();
    let began = Instant::now();
    let home = browser.submit(&page, &[("username", "ada"), ("password", password)]).await.page();
    assert!(home.text("header").contains("ada"), "{}", home.html);
    began.elapsed()
}

fn link<'a>(mail: &'a Value, page: &str) -> &'a str {
    let plain = mail["plain"].as_str().expect("text");
    let found = plain.split_whitespace().find(|word| word.contains(page));
    let link = found.unwrap_or_else(|| panic!("no link to {page}: {plain}"));
    assert!(mail["html"].as_str().expect("HTML").contains(&format!("href=\"{link}\"")), "{mail:#}");
    link
}

async fn sets_password(installation: &Installation, link: &str) {
    let browser = Browser::new(&installation.issuer);
    let page = browser.open(link).await.page();
    let done = browser.submit(&page, &[("password", NEW), ("password_again", NEW)]).await.page();
    assert!(done.has("#link-done"), "{}", done.html);
}

#[tokio::test]
async fn invitation_reset_verification_and_notices_arrive_in_the_language_of_the_reader() {
    for (locale, subjects) in [
        (
            "en",
            [
                "Your account at Harbour Club",
                "Set a new password",
                "Your password was changed",
                "Confirm your e-mail address",
                "Your e-mail address was changed",
            ],
        ),
        (
            "de",
            [
                "Ihr Konto bei Harbour Club",
                "Neues Passwort festlegen",
                "Ihr Passwort wurde geändert",
                "Bestätigen Sie Ihre E-Mail-Adresse",
                "Ihre E-Mail-Adresse wurde geändert",
            ],
        ),
    ] {
        let mailbox = Mailbox::new();
        let (installation, _smtp) = (mailbox.installation(), mailbox.served("accept").await);
        let _running = installation.serves().await;
        let claims = installation.folder().join("claims.json");
        std::fs::write(&claims, format!(r#"{{"locale": "{locale}"}}"#)).expect("a file");
        let claims = claims.display().to_string();
        let invite = [
            "user",
            "invite",
            "--username",
            "ada",
            "--email",
            "ada@example.com",
            "--claims",
            &claims,
            "--json",
        ];
        let shown = installation.answers(&invite, "").await;
        assert_eq!(shown["mailed_to"], "ada@example.com");
        let arrived = mailbox.holds(1).await;
        assert_eq!(link(&arrived[0], "/invite"), shown["link"].as_str().expect("a link"));
        sets_password(&installation, link(&arrived[0], "/invite")).await;

        forgets(&installation, "ada").await;
        let arrived = mailbox.holds(2).await;
        sets_password(&installation, link(&arrived[1], "/reset")).await;
        mailbox.holds(3).await;

        installation
            .answers(&["user", "email-link", "ada", "--email", "ada@new.example", "--json"], "")
            .await;
        let arrived = mailbox.holds(4).await;
        let browser = Browser::new(&installation.issuer);
        let page = browser.open(link(&arrived[3], "/verify")).await.page();
        assert!(browser.submit(&page, &[]).await.page().has("#link-done"));
        let arrived = mailbox.holds(5).await;
        let found: Vec<_> =
            arrived.iter().map(|mail| mail["headers"]["subject"].as_str().expect("a subject")).collect();
        assert_eq!(found, subjects, "{locale}");
        let to: Vec<_> = arrived.iter().map(|mail| mail["to"][0].as_str().expect("an address")).collect();
        assert_eq!(
            to,
            ["ada@example.com", "ada@example.com", "ada@example.com", "ada@new.example", "ada@example.com"]
        );
        for mail in &arrived {
            assert_eq!(mail["from"], "no-reply@example.com");
            assert_eq!(mail["headers"]["from"], "Example <no-reply@example.com>");
            assert_eq!(mail["headers"]["auto-submitted"], "auto-generated");
            assert!(mail["html"].as_str().expect("HTML").contains(&format!("lang=\"{locale}\"")));
        }
        let ids: std::collections::BTreeSet<_> =
            arrived.iter().map(|mail| mail["headers"]["message-id"].to_string()).collect();
        assert_eq!(ids.len(), 5, "each mail has an id of its own");
    }
}

#[tokio::test]
async fn what_was_queued_survives_kill_9_and_a_mail_server_that_is_stopped_and_is_sent_once() {
    let mailbox = Mailbox::new();
    let installation = mailbox.installation();
    let running = installation.serves().await;
    ada(&installation, "en").await;
    forgets(&installation, "ada").await;
    running.says("cannot send the mail; retrying").await;
    running.crashes().await;
    // Neither the files nor the log have the link.
    let _smtp = mailbox.served("accept").await;
    let running = installation.serves().await;
    let arrived = mailbox.holds(1).await;
    let link = link(&arrived[0], "/reset");
    sleep(Duration::from_secs(3)).await;
    let token = link.split_once("token=").expect("a token").1;
    let ended = running.ends().await;
    assert!(!ended.errors.contains(token) && !ended.errors.contains("ada@example.com"), "{}", ended.errors);
    for file in installation.files() {
        let bytes = std::fs::read(&file).expect("a file");
        for secret in [token, "ada@example.com\"},\"languages"] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{file:?}");
        }
    }
    assert_eq!(mailbox.arrived().len(), 1, "it was sent once");
}

#[tokio::test]
async fn the_mail_of_a_command_survives_until_a_server_runs() {
    let mailbox = Mailbox::new();
    let (installation, _smtp) = (mailbox.installation(), mailbox.served("accept").await);
    ada(&installation, "en").await;
    installation.answers(&["user", "reset-link", "ada", "--json"], "").await;
    let line = ["user", "set-password", "ada", "--password-stdin", "--json"];
    installation.answers(&line, "another battery staple").await;
    assert!(mailbox.arrived().is_empty());
    let _running = installation.serves().await;
    mailbox.holds(2).await;
}

#[tokio::test]
async fn a_mail_server_that_dies_in_the_middle_or_is_busy_gets_the_mail_again() {
    for behaviour in ["die", "busy"] {
        let mailbox = Mailbox::new();
        let (installation, smtp) = (mailbox.installation(), mailbox.served(behaviour).await);
        let running = installation.serves().await;
        ada(&installation, "en").await;
        forgets(&installation, "ada").await;
        running.says("cannot send the mail; retrying").await;
        if behaviour == "die" {
            smtp.dies().await;
        } else {
            running.says("the SMTP server answered 451").await;
            smtp.stops().await;
        }
        let _smtp = mailbox.served("accept").await;
        mailbox.holds(1).await;
        let ended = running.ends().await;
        assert!(!ended.errors.contains("ada@example.com"), "{}", ended.errors);
    }
}

#[tokio::test]
async fn a_mail_that_is_refused_for_good_is_given_up() {
    let mailbox = Mailbox::new();
    let (installation, smtp) = (mailbox.installation(), mailbox.served("reject").await);
    let running = installation.serves().await;
    ada(&installation, "en").await;
    forgets(&installation, "ada").await;
    let said = running.says("the mail was refused; giving up").await;
    assert!(said.contains("the SMTP server answered 550") && !said.contains("ada@example.com"), "{said}");
    smtp.stops().await;
    let _smtp = mailbox.served("accept").await;
    sleep(Duration::from_secs(7)).await;
    assert!(mailbox.arrived().is_empty());
}

#[tokio::test]
async fn a_slow_or_stopped_mail_server_delays_no_login_and_no_request() {
    let mailbox = Mailbox::new();
    let (installation, smtp) = (mailbox.installation(), mailbox.served("slow").await);
    let _running = installation.serves().await;
    ada(&installation, "en").await;
    let limit = Duration::from_secs(3);
    for number in 0..6 {
        let took = forgets(&installation, if number < 3 { "ada" } else { "nobody" }).await;
        assert!(took < limit, "{took:?}");
        let took = signs_in(&installation, PASSWORD).await;
        assert!(took < limit, "{took:?}");
    }
    smtp.stops().await;
    let took = signs_in(&installation, PASSWORD).await + forgets(&installation, "nobody").await;
    assert!(took < limit, "{took:?}");
}

#[tokio::test]
async fn with_tls_and_starttls_the_server_authenticates_and_a_stranger_with_another_certificate_gets_nothing()
{
    for (behaviour, scheme, query) in [("starttls", "smtp", "?tls=starttls"), ("tls", "smtps", "")] {
        let mailbox = Mailbox::new();
        let _smtp = mailbox.served(behaviour).await;
        let url = |password: &str| {
            format!("{scheme}://ada%40example.com:{password}@127.0.0.1:{}{query}", mailbox.port)
        };
        let mut installation = mailbox.installation();
        installation.set("OAUTH2_SMTP_URL", &url("p%2Fss%20w%C3%B6rd"));
        let test = ["mail", "test", "ada@example.com", "--language", "ja", "--json"];
        // Its certificate is of no authority that the server knows.
        let refused = installation.runs(&test, "").await;
        assert_eq!(refused.status.code(), Some(1));
        assert!(refused.errors.contains("the test mail was not sent"), "{}", refused.errors);
        let trusted = mailbox.certificate.files().certificate.display().to_string();
        installation.set("OAUTH2_OUTBOUND_CA_FILE", &trusted);
        assert_eq!(installation.answers(&test, "").await["sent"], true);
        let arrived = mailbox.holds(1).await;
        assert!(arrived[0]["headers"]["subject"].as_str().expect("a subject").contains("テスト"));
        installation.set("OAUTH2_SMTP_URL", &url("wrong"));
        let refused = installation.runs(&test, "").await;
        assert!(refused.errors.contains("535") && !refused.errors.contains("wrong"), "{}", refused.errors);
        let checked = installation.runs(&["config", "check"], "").await;
        assert!(checked.status.success());
        assert!(
            checked.errors.contains("the SMTP server does not answer as it should"),
            "{}",
            checked.errors
        );
    }
}

#[tokio::test]
async fn starttls_is_required_of_a_server_that_does_not_offer_it() {
    let mailbox = Mailbox::new();
    let _smtp = mailbox.served("accept").await;
    let mut installation = mailbox.installation();
    installation
        .set("OAUTH2_SMTP_URL", &format!("smtp://ada:secret@127.0.0.1:{}?tls=starttls", mailbox.port));
    let refused = installation.runs(&["mail", "test", "ada@example.com"], "").await;
    assert_eq!(refused.status.code(), Some(1), "{}", refused.output);
    assert!(mailbox.arrived().is_empty());
}

#[tokio::test]
async fn without_settings_the_test_says_which_are_missing_and_half_of_them_stop_the_start() {
    let installation = Installation::new();
    let refused = installation.runs(&["mail", "test", "ada@example.com"], "").await;
    assert!(refused.errors.contains("OAUTH2_SMTP_URL") && refused.errors.contains("OAUTH2_MAIL_FROM"));
    for (name, value) in [("OAUTH2_SMTP_URL", "smtp://localhost"), ("OAUTH2_MAIL_FROM", "a@example.com")] {
        let refused = Installation::with(&[(name, value)]).runs(&["config", "check"], "").await;
        assert_eq!(refused.status.code(), Some(1));
        assert!(refused.errors.contains("is missing"), "{}", refused.errors);
    }
}
