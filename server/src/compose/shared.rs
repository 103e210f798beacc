//! What several use cases hold: keys, tokens, the authentication of clients.

use std::sync::Arc;

use application::Context;
use application::authorize::request_object::RequestObjectReader;
use application::browser::{LogoutSignal, PostedRequests};
use application::client_auth::key_sets::ClientKeySets;
use application::client_auth::{AssertionVerifier, ClientAuthenticator, SecretVerifier, VerifiedSecrets};
use application::keys::sealed_texts::SealedTexts;
use application::keys::sealing::SealingKey;
use application::keys::{KeyView, Keys};
use application::login::recorder::{SignInRecorder, Waiting};
use application::port::Ports;
use application::refusals::{self, Reporter};
use application::resource::indicators::ResourceIndicators;
use application::token::LongIdTokens;
use application::token::access_token::AccessTokens;
use application::token::id_token::IdTokens;
use application::users::groups::Entry;
use application::users::subject_identifiers::{PairwiseKey, SubjectIdentifiers};

/// The parts that several use cases share.
pub(super) struct Shared {
    pub(super) context: Context,
    pub(super) keys: Arc<Keys>,
    pub(super) access_tokens: Arc<AccessTokens>,
    pub(super) id_tokens: Arc<IdTokens>,
    pub(super) subject_identifiers: Arc<SubjectIdentifiers>,
    pub(super) request_objects: Arc<RequestObjectReader>,
    pub(super) authenticator: Arc<ClientAuthenticator>,
    pub(super) indicators: Arc<ResourceIndicators>,
    pub(super) logout_signal: Arc<LogoutSignal>,
    pub(super) sealed: Arc<SealedTexts>,
    pub(super) entry: Arc<Entry>,
    pub(super) posted: Arc<PostedRequests>,
    pub(super) sealing_key: Arc<SealingKey>,
    pub(super) recorder: Arc<SignInRecorder>,
    pub(super) reporter: Arc<Reporter>,
}

impl Shared {
    pub(super) fn new(ports: &Ports, context: Context, sealing_key: SealingKey) -> Self {
        let sealing_key = Arc::new(sealing_key);
        let keys = Arc::new(keys(ports, context.clone(), sealing_key.clone()));
        let sealed = Arc::new(SealedTexts { sealing_key: sealing_key.clone(), context: context.clone() });
        let key_sets = Arc::new(ClientKeySets::new(
            ports.fetched_documents.clone(),
            ports.clock.clone(),
            ports.computations.clone(),
        ));
        let reporter = Arc::new(Reporter {
            refusals: ports.refusals.clone(),
            waiting: refusals::Waiting::default(),
            context: context.clone(),
        });
        Self {
            access_tokens: Arc::new(AccessTokens {
                keys: keys.clone(),
                authorizations: ports.authorizations.clone(),
                opaque: ports.opaque_access_tokens.clone(),
                context: context.clone(),
            }),
            id_tokens: Arc::new(IdTokens {
                keys: keys.clone(),
                users: ports.users.clone(),
                long: LongIdTokens::default(),
                context: context.clone(),
            }),
            subject_identifiers: Arc::new(SubjectIdentifiers {
                secrets: ports.server_secrets.clone(),
                sealing_key: sealing_key.clone(),
                context: context.clone(),
                key: PairwiseKey::default(),
            }),
            request_objects: Arc::new(RequestObjectReader::new(
                key_sets.clone(),
                ports.request_documents.clone(),
                context.clone(),
            )),
            authenticator: Arc::new(authenticator(ports, &context, key_sets)),
            indicators: Arc::new(ResourceIndicators {
                resources: ports.resources.clone(),
                issuer: context.settings.issuer.clone(),
            }),
            logout_signal: Arc::default(),
            entry: Arc::new(Entry { groups: ports.groups.clone(), context: context.clone() }),
            recorder: Arc::new(SignInRecorder {
                events: ports.sign_in_events.clone(),
                context: context.clone(),
                waiting: Waiting::default(),
                reporter: reporter.clone(),
            }),
            reporter,
            posted: Arc::new(PostedRequests { sealed: sealed.clone(), context: context.clone() }),
            sealed,
            sealing_key,
            keys,
            context,
        }
    }
}

/// The signing keys.
pub(super) fn keys(ports: &Ports, context: Context, sealing_key: Arc<SealingKey>) -> Keys {
    Keys { store: ports.signing_keys.clone(), sealing_key, context, view: KeyView::default() }
}

fn authenticator(ports: &Ports, context: &Context, key_sets: Arc<ClientKeySets>) -> ClientAuthenticator {
    ClientAuthenticator {
        clients: ports.clients.clone(),
        secrets: SecretVerifier {
            passwords: ports.passwords.clone(),
            attempts: ports.attempts.clone(),
            verified: VerifiedSecrets::new(ports.entropy.bytes()),
            context: context.clone(),
        },
        assertions: AssertionVerifier {
            key_sets,
            replay_marks: ports.replay_marks.clone(),
            attempts: ports.attempts.clone(),
            context: context.clone(),
        },
    }
}
