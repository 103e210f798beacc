//! The mails: which use case gets which port, if mail is set up.

use std::sync::Arc;

use application::Context;
use application::keys::sealed_texts::SealedTexts;
use application::keys::sealing::SealingKey;
use application::port::Ports;
use application::users::links::UserLinks;
use application::users::mail::{ForgottenPasswords, MailDelivery, MailWriter, SignUp};
use domain::SignUpMode;

/// The mail writer, if mail is set up.
pub(super) fn writer(
    ports: &Ports,
    context: Context,
    sealing_key: &Arc<SealingKey>,
) -> Option<Arc<MailWriter>> {
    ports.mail_sender.as_ref()?;
    let sealed = Arc::new(SealedTexts { sealing_key: sealing_key.clone(), context: context.clone() });
    Some(Arc::new(MailWriter { sealed, context }))
}

/// The mail use cases of a running server.
pub(super) struct Mails {
    pub(super) forgotten: Arc<ForgottenPasswords>,
    /// None unless people may make their own accounts.
    pub(super) offered_sign_up: Option<Arc<SignUp>>,
    pub(super) delivery: Arc<MailDelivery>,
}

impl Mails {
    /// None without mail.
    pub(super) fn new(
        ports: &Ports,
        context: &Context,
        writer: Option<Arc<MailWriter>>,
        links: &Arc<UserLinks>,
    ) -> Option<Self> {
        let (writer, sender) = writer.zip(ports.mail_sender.clone())?;
        let forgotten = Arc::new(ForgottenPasswords {
            users: ports.users.clone(),
            attempts: ports.attempts.clone(),
            queue: ports.mail_queue.clone(),
            writer: writer.clone(),
            links: links.clone(),
            context: context.clone(),
        });
        let sign_up = Arc::new(SignUp {
            users: ports.users.clone(),
            passwords: ports.passwords.clone(),
            attempts: ports.attempts.clone(),
            queue: ports.mail_queue.clone(),
            sealed: writer.sealed.clone(),
            writer: writer.clone(),
            context: context.clone(),
        });
        let offered_sign_up = (context.settings.sign_up.mode == SignUpMode::Open).then(|| sign_up.clone());
        let delivery = Arc::new(MailDelivery {
            queue: ports.mail_queue.clone(),
            sender,
            writer,
            forgotten: forgotten.clone(),
            sign_up,
            context: context.clone(),
        });
        Some(Self { forgotten, offered_sign_up, delivery })
    }
}
