//! What administrators do about groups.

use reqwest::StatusCode;

use super::{last_event, send, submit, world};

#[tokio::test]
async fn a_group_is_made_changed_filled_and_deleted() {
    let (server, _, browser) = world().await;
    server.user("ada").await;
    let fields =
        [("name", "Staff"), ("display_name", "All staff"), ("description", "Everybody who works here")];
    let page = submit(&browser, "/admin/groups/new", &fields).await;
    assert_eq!(page.text("#notice"), "Staff is created.");
    assert_eq!(page.url, server.url("/admin/groups/Staff/members"));
    let page = send(&browser, &page, &[("member", "ADA")]).await.page();
    assert!(page.text("tbody").contains("ada"), "{}", page.html);
    let member = page.attribute("main input[name=remove]", "value");
    let page = send(&browser, &page, &[("member", "nobody")]).await.page();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text("#member-problem").contains("Nobody has"), "{}", page.html);
    let page = send(&browser, &page, &[("remove", &member)]).await.page();
    assert_eq!(page.text("#notice"), "ada is no longer in the group.");
    let fields = [("display_name", "Colleagues"), ("custom", r#"{"floor": 3}"#)];
    let page = submit(&browser, "/admin/groups/staff", &fields).await;
    assert_eq!(page.text("#notice"), "Saved.");
    let group = server.groups.find(&"staff".parse().unwrap()).await.unwrap();
    assert_eq!(group.display_name.unwrap().as_str(), "Colleagues");
    assert!(group.description.is_none(), "an empty field removes the text");
    assert_eq!(group.claims.as_map()["floor"], 3);
    assert!(browser.open("/admin/groups").await.page().text("tbody").contains("Colleagues"));
    let page = submit(&browser, "/admin/groups/Staff/delete", &[("confirm", "staff")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "the name is typed as it is");
    let page = submit(&browser, "/admin/groups/Staff/delete", &[("confirm", "Staff")]).await;
    assert!(page.has("#empty"), "{}", page.html);
    assert_eq!(last_event(&server).await.action, "group.delete");
}

#[tokio::test]
async fn what_cannot_be_a_group_is_said_at_the_field() {
    let (server, _, browser) = world().await;
    server.group("staff", &[]).await;
    for (name, part) in
        [("STAFF", "Another group has this name."), ("a,b", "a group name has"), ("", "missing")]
    {
        let page = submit(&browser, "/admin/groups/new", &[("name", name), ("description", "kept")]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(page.text("#name-problem").contains(part), "{name}: {}", page.html);
        assert_eq!(page.attribute("#description", "value"), "kept");
    }
}

#[tokio::test]
async fn a_group_with_any_name_has_a_page() {
    let (server, _, browser) = world().await;
    for name in ["new", "a/b", "a b+c", "x@y:z"] {
        server.group(name, &[]).await;
    }
    let list = browser.open("/admin/groups").await.page();
    let links: Vec<_> = list.addresses().into_iter().filter(|it| it.contains("/admin/groups/")).collect();
    let mut names = Vec::new();
    for link in links {
        let page = browser.open(&link).await.page();
        assert_eq!(page.status, StatusCode::OK, "{link}");
        names.push(page.text("h1"));
    }
    assert_eq!(names, ["New group", "a b+c", "a/b", "new", "x@y:z"]);
}
