//! Runs the README's commands exactly as they are written.

use tests::support::provided;

use crate::installation::Installation;

/// The shell blocks of these sections in order, adapted to this installation.
fn script(sections: &[&str], installation: &Installation) -> String {
    let readme =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).expect("the README");
    let mut blocks = Vec::new();
    for title in sections {
        let section = readme.split(&format!("## {title}\n")).nth(1).expect("the section");
        let section = section.split("\n## ").next().expect("its end");
        let shell = section.split("```sh\n").skip(1);
        blocks.extend(shell.map(|block| block.split("```").next().expect("a block")));
    }
    // The two things that differ from a reader's machine: the path of the binary, and a free port.
    blocks
        .join("\n")
        .replace("./target/release/oauth2-server", &provided("SERVER_BINARY", "the server's binary"))
        .replace("http://localhost:8080", &installation.issuer)
}

const WALK: &str = "From nothing to a verified ID token";

#[tokio::test]
async fn the_walk_of_the_readme_ends_with_a_genuine_id_token() {
    let installation = Installation::new();
    let running = installation.serves().await;
    let ended = installation.runs_script(&script(&[WALK], &installation)).await;
    assert!(ended.status.success(), "{ended:?}");
    assert!(ended.output.contains("The ID token is genuine: {"), "{ended:?}");
    assert!(ended.output.contains("\"nonce\":\"n-0S6\""), "{ended:?}");
    running.ends().await;
}

#[tokio::test]
async fn an_administrative_client_does_over_http_what_the_readme_says() {
    let installation = Installation::new();
    let running = installation.serves().await;
    let sections = [WALK, "Administering over HTTP"];
    let ended = installation.runs_script(&script(&sections, &installation)).await;
    assert!(ended.status.success(), "{ended:?}");
    let answers = ended.output.split("is genuine").nth(1).expect("the second section");
    assert!(!answers.contains("\"error\""), "{answers}");
    for said in [
        "\"client_name\":\"Shop\"",
        "\"items\":[",
        "\"client_name\":\"Website\"",
        "\"username\":\"grace\"",
        "{\"kind\":\"administrative_client\",\"id\":\"operator\"},\"address\":\"127.0.0.1\",\"action\":\"user.create\"",
    ] {
        assert!(answers.contains(said), "{said} is not in {answers}");
    }
    running.ends().await;
}
