//! Runs an example of the document in bash, literally.

use tests::support::TestServer;
use tokio::process::Command;

use super::Answer;

/// Additional options of `curl` that do not change the text of an example: print the headers too,
/// and use no proxy.
const CURLRC: &str = "include\nsilent\nshow-error\nnoproxy = \"*\"\nmax-time = 60\n";

/// Runs the example with these replacements. Each placeholder must occur, and no other may remain.
pub(super) async fn curl(server: &TestServer, example: &str, words: &[(&str, &str)]) -> Answer {
    let mut command = example.replace("http://localhost:8080", &server.issuer);
    for (word, value) in words {
        assert!(command.contains(word), "the example does not say {word}: {example}");
        command = command.replace(word, value);
    }
    for left in ["YOUR_", "_TOKEN", "_CODE", "CODE_", "..."] {
        assert!(!command.contains(left), "{left} is left in: {command}");
    }
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join(".curlrc"), CURLRC).unwrap();
    let mut bash = Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", &command]).env("CURL_HOME", home.path());
    let output = bash.kill_on_drop(true).output().await.unwrap();
    assert!(output.status.success(), "{command}\n{}", String::from_utf8_lossy(&output.stderr));
    read(&String::from_utf8(output.stdout).unwrap())
}

fn read(printed: &str) -> Answer {
    let (head, body) = printed.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no HTTP answer: {printed}"));
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines.map(|line| {
        let (name, value) = line.split_once(':').unwrap();
        (name.parse().unwrap(), value.trim().parse().unwrap())
    });
    Answer { status, headers: headers.collect::<Vec<_>>().into_iter().collect(), body: body.to_owned() }
}
