//! The profile of a person.

use application::account::Notice;
use application::users::{Account, AccountDocument, UserAdministrationError};
use domain::admin_page::PersonTab;
use domain::{AdminPage, User};
use serde_json::{Map, Value};

use super::person::about;
use super::problem::problem;
use crate::endpoint::admin_pages::sheet::{Sheet, choices, typed};
use crate::endpoint::admin_pages::visited::{Answer, Outcome, Visited, done, version_of};
use crate::page::admin::{Control, Fact, Field, Form, Part, Shown, View};

/// The claims that have a field of their own.
const CLAIMS: [&str; 6] = ["name", "given_name", "family_name", "email", "phone_number", "locale"];

/// The page.
pub(super) fn page(at: &Visited<'_>, user: &User, sheet: &Sheet<'_>) -> View {
    let custom: Map<_, _> = user
        .claims
        .custom()
        .filter_map(|name| Some((name.to_owned(), user.claims.get(name)?.clone())))
        .collect();
    let written = if custom.is_empty() {
        String::new()
    } else {
        serde_json::to_string_pretty(&custom).unwrap_or_default()
    };
    let advanced = vec![
        claim(sheet, user, "given_name", "admin-given-name"),
        claim(sheet, user, "family_name", "admin-family-name"),
        claim(sheet, user, "phone_number", "admin-phone"),
        language(at, sheet, user),
        sheet.lines("custom", "admin-custom-claims", written).with_hint(at.text("admin-custom-claims-hint")),
    ];
    let is_verified = user.claims.get("email_verified") == Some(&Value::Bool(true));
    let fields = vec![
        sheet.line("username", "username", user.username.as_str()),
        claim(sheet, user, "name", "profile-name"),
        claim(sheet, user, "email", "profile-email"),
        sheet.flag("email_verified", "admin-email-verified", is_verified),
    ];
    let form = Form {
        advanced: Some((at.text("admin-more"), advanced)),
        hidden: vec![("version", version_of(&Account::from(user)))],
        ..sheet.form("save", "save", fields)
    };
    let facts = vec![
        Fact { label: at.text("profile-id"), value: Shown::Code(user.id.to_string()) },
        Fact { label: at.text("admin-since"), value: Shown::Moment(at.moment(user.created_at)) },
    ];
    sheet.on(about(at, user).with(Part::Form(form)).with(Part::Facts(facts)))
}

fn claim(sheet: &Sheet<'_>, user: &User, name: &'static str, label: &str) -> Field {
    let stored = user.claims.get(name).and_then(Value::as_str).unwrap_or_default();
    Field { member: Some(name), ..sheet.line(name, label, stored) }
}

fn language(at: &Visited<'_>, sheet: &Sheet<'_>, user: &User) -> Field {
    let stored = user.claims.get("locale").and_then(Value::as_str).unwrap_or_default();
    let offered = at.app.languages.iter().map(|it| (it.tag(), it.text("language-name")));
    let mut pairs: Vec<_> = std::iter::once(("", at.text("profile-language-any"))).chain(offered).collect();
    if pairs.iter().all(|(tag, _)| *tag != stored) {
        // A language that no page is in stays.
        pairs.push((stored, stored.to_owned()));
    }
    let field = sheet.field("locale", "profile-language", Control::One(choices(&pairs, stored)));
    Field { member: Some("locale"), ..field }
}

/// Saves the profile.
pub(super) async fn save(at: &Visited<'_>, user: &User) -> Answer {
    let members = match members(at, user) {
        Ok(members) => members,
        Err(problem) => return Ok(Outcome::Refused(page(at, user, &Sheet::sent(at, vec![problem])))),
    };
    let version = at.field("version");
    let change = |user: &mut User| match version_of(&Account::from(&*user)) == version {
        true => AccountDocument::new(members.clone()).apply(user),
        false => Err(UserAdministrationError::Changed),
    };
    let users = &at.app.use_cases.users;
    match users.update(user.id, change, at.author()).await {
        Ok(_) => Ok(done(AdminPage::Person(user.id, PersonTab::Profile), Notice::Saved)),
        Err(UserAdministrationError::Changed) => {
            let user = users.find(user.id).await?;
            Ok(Outcome::Refused(page(at, &user, &Sheet::stale(at))))
        }
        Err(error) => {
            let sheet = Sheet::sent(at, vec![problem(at, error)?]);
            Ok(Outcome::Refused(page(at, user, &sheet)))
        }
    }
}

/// The members that the form changes, or what is wrong with it.
fn members(at: &Visited<'_>, user: &User) -> Result<Map<String, Value>, (&'static str, Shown)> {
    let mut members = typed(at, &CLAIMS);
    members.insert("username".to_owned(), at.field("username").into());
    let has_email = members.get("email").is_some_and(|email| !email.is_null());
    let verified = !at.field("email_verified").is_empty() && has_email;
    members.insert("email_verified".to_owned(), if verified { true.into() } else { Value::Null });
    // Those that are no longer there are removed.
    members.extend(user.claims.custom().map(|name| (name.to_owned(), Value::Null)));
    let text = at.field("custom");
    let custom = if text.is_empty() { Ok(Map::new()) } else { serde_json::from_str(text) };
    let no_object =
        |error: serde_json::Error| ("custom", Shown::Technical(at.text("admin-not-json"), error.to_string()));
    let custom: Map<String, Value> = custom.map_err(no_object)?;
    let own = |name: &String| {
        CLAIMS.contains(&name.as_str()) || ["username", "admin", "email_verified"].contains(&name.as_str())
    };
    if let Some(name) = custom.keys().find(|name| own(name)) {
        return Err(("custom", Shown::Sentence(at.sentence("admin-claim-has-field", "claim", name))));
    }
    members.extend(custom);
    Ok(members)
}
