//! Form Post OP: the modules of the Basic plan, with every answer and every error in a form that posts itself (OAuth 2.0
//! Form Post Response Mode).

use serde_json::json;

use super::module::{Mode, Module};

super::modules::basic_modules!(Mode::FormPost);

#[tokio::test]
async fn the_mode_is_listed() {
    let module = Module::begin(Mode::FormPost, json!({})).await;
    let listed = module.metadata().await["response_modes_supported"].clone();
    assert!(listed.as_array().unwrap().contains(&json!("form_post")));
    module.end().await;
}
