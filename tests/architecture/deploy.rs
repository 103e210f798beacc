//! What the example deployments promise: images by an exact version, and containers without rights that they do not need.

use std::collections::BTreeMap;

/// The blocks of a YAML document that begin with a key at this depth, by their keys. The examples are written in one style.
fn blocks<'a>(document: &'a str, section: &str) -> BTreeMap<&'a str, &'a str> {
    let start = document.find(section).map_or(document.len(), |start| start + section.len());
    let end = document[start..].find("\n\nvolumes:").map_or(document.len(), |end| start + end);
    let mut blocks = BTreeMap::new();
    let mut current: Option<(&str, usize)> = None;
    let mut position = start;
    for line in document[start..end].split_inclusive('\n') {
        let key = line.strip_prefix("  ").and_then(|rest| rest.strip_suffix(":\n"));
        if let Some(key) = key.filter(|key| !key.starts_with([' ', '#']))
            && let Some((before, begin)) = current.replace((key, position))
        {
            blocks.insert(before, &document[begin..position]);
        }
        position += line.len();
    }
    if let Some((last, begin)) = current {
        blocks.insert(last, &document[begin..end]);
    }
    blocks
}

/// Whether the image has a digest, or a tag with at least two numbers: `17` would be another version next year.
fn is_exact(image: &str) -> bool {
    image.contains("@sha256:") || image.rsplit_once(':').is_some_and(|(_, tag)| tag.contains('.'))
}

/// What is wrong with a service of the compose file.
pub(crate) fn problems_of_compose(document: &str) -> Vec<String> {
    let services = blocks(document, "\nservices:\n");
    assert!(services.len() >= 4, "{:?}", services.keys());
    let mut problems = Vec::new();
    for (name, service) in services {
        let image = service.lines().find_map(|line| line.strip_prefix("    image: ")).unwrap_or_default();
        // Our own is built from the source beside the file.
        if !service.contains("    build: .") && !is_exact(image) {
            problems.push(format!("{name}: the image {image:?} has no exact version"));
        }
        if service.contains("    build: .") && !service.contains("    cpu_quota: ") {
            problems
                .push(format!("{name}: nothing bounds the cores, and with them the memory for passwords"));
        }
        for wanted in ["    cap_drop: [ALL]", "    security_opt: [\"no-new-privileges:true\"]"] {
            if !service.contains(wanted) {
                problems.push(format!("{name}: no {}", wanted.trim()));
            }
        }
    }
    problems
}

/// What is wrong with the Kubernetes example. `version` is that of the server.
pub(crate) fn problems_of_kubernetes(document: &str, version: &str) -> Vec<String> {
    let image = format!("image: oauth2-server:{version}");
    let wanted = [
        image.as_str(),
        "runAsNonRoot: true",
        "allowPrivilegeEscalation: false",
        "readOnlyRootFilesystem: true",
        "capabilities: { drop: [ALL] }",
        "seccompProfile: { type: RuntimeDefault }",
        "automountServiceAccountToken: false",
        "limits: { memory:",
        "cpu: \"4\"",
        "kind: NetworkPolicy",
        "policyTypes: [Ingress, Egress]",
        "secret: { secretName: oauth2-server, defaultMode: 0440 }",
    ];
    let missing = wanted.into_iter().filter(|wanted| !document.contains(wanted));
    let mut problems: Vec<_> = missing.map(|wanted| format!("no {wanted}")).collect();
    if document.contains("secretRef") || document.contains("secretKeyRef") {
        problems.push("a secret is a variable, not a file".to_owned());
    }
    problems
}

fn read(file: &str) -> String {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    std::fs::read_to_string(root.join(file)).expect("a file of the example")
}

#[test]
fn the_examples_have_exact_images_and_no_rights_that_they_do_not_need() {
    let (compose, kubernetes) = (read("docker-compose.yml"), read("deploy/kubernetes/server.yaml"));
    assert_eq!(problems_of_compose(&compose), Vec::<String>::new());
    assert_eq!(problems_of_kubernetes(&kubernetes, env!("CARGO_PKG_VERSION")), Vec::<String>::new());
}

#[test]
fn each_of_these_rules_can_fail() {
    let (compose, kubernetes) = (read("docker-compose.yml"), read("deploy/kubernetes/server.yaml"));
    for (good, bad) in [
        ("image: postgres:17.6", "image: postgres:17"),
        ("image: redis:7.4.5", "image: redis"),
        ("    cap_drop: [ALL]\n", ""),
        ("    cpu_quota: 400000\n", ""),
        ("    security_opt: [\"no-new-privileges:true\"]\n", ""),
    ] {
        assert!(!problems_of_compose(&compose.replacen(good, bad, 1)).is_empty(), "{good}");
    }
    for good in [
        "runAsNonRoot: true",
        "drop: [ALL]",
        "limits: { memory",
        "cpu: \"4\"",
        "kind: NetworkPolicy",
        "oauth2-server:0",
    ] {
        assert!(
            !problems_of_kubernetes(&kubernetes.replace(good, ""), env!("CARGO_PKG_VERSION")).is_empty(),
            "{good}"
        );
    }
    let by_variable = format!("{kubernetes}\n            - secretRef: {{ name: oauth2-server }}\n");
    assert!(!problems_of_kubernetes(&by_variable, env!("CARGO_PKG_VERSION")).is_empty());
}
