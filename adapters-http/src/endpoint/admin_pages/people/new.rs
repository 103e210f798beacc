//! `/admin/people/new`: an invitation.

use application::users::AccountDocument;
use domain::{AdminPage, GroupName, LinkPurpose};
use serde_json::Value;

use super::link::handed_over;
use super::person::MAX_GROUPS;
use super::problem::problem;
use crate::endpoint::admin_pages::sheet::{Sheet, typed};
use crate::endpoint::admin_pages::visited::{Answer, Outcome, Visited};
use crate::error::Problem;
use crate::language::Sentence;
use crate::page::admin::{Choice, Control, Part, View};

/// The page.
pub(in crate::endpoint::admin_pages) async fn new(at: &Visited<'_>) -> Answer {
    Ok(page(at, &Sheet::fresh(at)).await?.into())
}

async fn page(at: &Visited<'_>, sheet: &Sheet<'_>) -> Result<View, Problem> {
    let groups = at.app.use_cases.groups.list(None, MAX_GROUPS).await?;
    let choice =
        |name: &GroupName| Choice { value: name.to_string(), label: name.to_string(), is_chosen: false };
    let groups: Vec<_> = groups.iter().map(|group| choice(&group.name)).collect();
    let email = Control::Line("email", String::new());
    let mut fields = vec![
        sheet.line("username", "username", ""),
        sheet.line("name", "profile-name", ""),
        sheet.field("email", "profile-email", email).with_hint(at.text(hint(at))),
    ];
    if !groups.is_empty() {
        fields.push(sheet.field("groups", "admin-groups", Control::Any(groups)));
    }
    let mut view = View::new(at.text("admin-person-new"));
    view.up = Some(at.link("up", &AdminPage::People, "admin-people"));
    view.parts.push(Part::Text(Sentence::words(at.text("admin-person-new-what"))));
    Ok(sheet.on(view.with(Part::Form(sheet.form("invite", "admin-invite", fields)))))
}

/// Whether the link is mailed.
fn hint(at: &Visited<'_>) -> &'static str {
    if at.app.use_cases.forgotten.is_some() { "admin-invite-by-mail" } else { "admin-invite-by-hand" }
}

/// Makes the person, and a link with which they choose a password.
pub(in crate::endpoint::admin_pages) async fn create(at: &Visited<'_>) -> Answer {
    let use_cases = &at.app.use_cases;
    let groups: Result<Vec<GroupName>, _> = at.visit.parameters.all("groups").map(str::parse).collect();
    let mut members = typed(at, &["username", "name", "email"]);
    members.retain(|_, value| *value != Value::Null);
    let created = match AccountDocument::new(members).into_new_user() {
        Ok(new) => use_cases.users.create(new, at.author()).await,
        Err(error) => Err(error),
    };
    let user = match created {
        Ok(user) => user,
        Err(error) => {
            let sheet = Sheet::sent(at, vec![problem(at, error)?]);
            return Ok(Outcome::Refused(page(at, &sheet).await?));
        }
    };
    for group in groups.unwrap_or_default() {
        use_cases.groups.add(&group, std::slice::from_ref(&user), at.author()).await?;
    }
    let link = use_cases.links.issue(&user, LinkPurpose::Invitation, at.author()).await?;
    Ok(handed_over(at, &user, link))
}
