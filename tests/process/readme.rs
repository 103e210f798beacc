//! The README's walk, run as it is written.

use tests::support::provided;

use crate::installation::Installation;

/// The shell blocks of the section, one after the other.
fn walk() -> String {
    let readme =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).expect("the README");
    let section = readme.split("## From nothing to a verified ID token").nth(1).expect("the section");
    let section = section.split("\n## ").next().expect("its end");
    let blocks = section.split("```sh\n").skip(1).map(|block| block.split("```").next().expect("a block"));
    blocks.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn the_walk_of_the_readme_ends_with_a_genuine_id_token() {
    let installation = Installation::new();
    let running = installation.serves().await;
    // The two things that differ from a reader's machine: where the binary is, and a port that is free.
    let walk = walk()
        .replace("./target/release/oauth2-server", &provided("SERVER_BINARY", "the server's binary"))
        .replace("http://localhost:8080", &installation.issuer);
    let ended = installation.runs_script(&walk).await;
    assert!(ended.status.success(), "{ended:?}");
    assert!(ended.output.contains("The ID token is genuine: {"), "{ended:?}");
    assert!(ended.output.contains("\"nonce\":\"n-0S6\""), "{ended:?}");
    running.ends().await;
}
