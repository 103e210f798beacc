//! The mails that wait to be sent.

use application::port::{MailQueue, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::QueuedMail;

use crate::{AuditEvents, KeptMail, MemoryStore, key_taken};

#[async_trait]
impl MailQueue for MemoryStore {
    async fn queue(&self, mail: &QueuedMail) -> Result<(), Unavailable> {
        let mut state = self.state();
        if state.audit_events.mails.contains_key(&mail.id) {
            return Err(key_taken());
        }
        state.audit_events.queue(mail.clone());
        Ok(())
    }

    async fn take_due(
        &self,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<QueuedMail>, Unavailable> {
        let mut state = self.state();
        let mut due: Vec<_> =
            state.audit_events.mails.values_mut().filter(|kept| kept.due_at <= now).collect();
        due.sort_by_key(|kept| kept.due_at);
        let taken = due.into_iter().take(limit as usize).map(|kept| {
            kept.due_at = until;
            kept.mail.attempts += 1;
            kept.mail.clone()
        });
        Ok(taken.collect())
    }

    async fn settle(&self, mail: &QueuedMail) -> Result<(), Unavailable> {
        self.state().audit_events.mails.remove(&mail.id);
        Ok(())
    }

    async fn postpone(&self, mail: &QueuedMail, due_at: DateTime<Utc>) -> Result<(), Unavailable> {
        let mut state = self.state();
        let kept = state.audit_events.mails.get_mut(&mail.id);
        if let Some(kept) = kept.filter(|kept| kept.mail.attempts == mail.attempts) {
            kept.due_at = due_at;
        }
        Ok(())
    }
}

impl AuditEvents {
    /// Queues a mail, which is due at once.
    pub(crate) fn queue(&mut self, mail: QueuedMail) {
        self.mails.insert(mail.id, KeptMail { due_at: mail.queued_at, mail });
    }
}
