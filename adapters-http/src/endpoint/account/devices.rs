//! `/account/devices`: where the person is signed in.

use application::account::{Device, Notice};
use axum::extract::{Request, State};
use axum::response::Response;
use domain::{AccountPage, SessionId};

use super::Visit;
use crate::app::{App, Shared};
use crate::page::account::{DeviceCard, DevicesPage};
use crate::page::{Moment, device_name};

/// The page.
pub(super) async fn get(State(app): State<Shared>, request: Request) -> Response {
    let visit = match Visit::open(&app, AccountPage::Devices, request).await {
        Ok(visit) => visit,
        Err(response) => return response,
    };
    match app.use_cases.account.devices(&visit.signed_in).await {
        Ok(devices) => {
            let page = DevicesPage {
                base: app.base.clone(),
                language: visit.language,
                desk: visit.desk(&app),
                devices: devices.into_iter().map(|device| card(&app, &visit, device)).collect(),
            };
            visit.show(&app, &page)
        }
        Err(error) => visit.error(&app, &error),
    }
}

/// Signs out on one device, or everywhere else.
pub(super) async fn post(State(app): State<Shared>, request: Request) -> Response {
    let visit = match Visit::post(&app, AccountPage::Devices, request).await {
        Ok(visit) => visit,
        Err(response) => return response,
    };
    let (account, address) = (&app.use_cases.account, &visit.caller.address);
    let outcome = match visit.field("session").parse::<SessionId>() {
        Ok(session) => {
            let ended = account.sign_out_device(&visit.signed_in, session, address).await;
            ended.map(|ended| ended.then_some(Notice::SignedOut))
        }
        Err(_) if visit.field("session") == "others" => {
            let ended = account.sign_out_elsewhere(&visit.signed_in, address).await;
            ended.map(|devices| Some(Notice::SignedOutElsewhere(devices)))
        }
        Err(_) => Ok(None),
    };
    match outcome {
        Ok(notice) => visit.done(&app, AccountPage::Devices, notice),
        Err(error) => visit.error(&app, &error),
    }
}

fn card(app: &App, visit: &Visit, device: Device) -> DeviceCard {
    let (now, language) = (app.use_cases.clock.now(), visit.language);
    DeviceCard {
        session: device.session.to_string(),
        is_this: device.is_this,
        name: device_name(device.user_agent.as_ref(), language),
        address: device.address,
        signed_in: Moment::new(device.signed_in_at, now, language),
        used: device.used_at.filter(|_| !device.is_this).map(|at| Moment::new(at, now, language)),
    }
}
