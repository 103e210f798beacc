//! An authenticator of the tests: Web Authentication Level 3 in its own lines, so that it is not the library of the server. It makes one
//! credential with a key of P-256, as a phone does, and signs with it.

use std::sync::Arc;

use aws_lc_rs::rand::{SystemRandom, fill};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Digest;
use serde_json::{Value, json};

use super::Page;

/// The AAGUID of 1Password.
const AAGUID: u128 = 0xbada_5566_a7aa_401f_bd96_4561_9a55_120d;

/// An authenticator with one credential, and the browser that speaks for it. A clone is a copy of the key.
#[derive(Debug, Clone)]
pub struct SoftPasskey {
    /// The origin of the page, as the browser sees it.
    pub origin: String,
    /// What it hashes instead of the relying party that the page names, if anything.
    pub other_relying_party: Option<String>,
    /// Whether it has verified its user.
    pub verifies_user: bool,
    /// Whether it may be copied to other devices.
    pub is_syncable: bool,
    /// How often it has signed; none if it does not count.
    pub count: Option<u32>,
    /// The user that it was made for, as the page named them.
    pub user: Vec<u8>,
    /// The id of the credential.
    pub id: Vec<u8>,
    /// Its key.
    pub key: Arc<EcdsaKeyPair>,
}

impl SoftPasskey {
    /// One that counts and stays on its device, in a browser that shows pages of this issuer.
    #[must_use]
    pub fn new(issuer: &str) -> Self {
        let mut id = vec![0; 32];
        fill(&mut id).expect("random bytes");
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key");
        Self {
            origin: issuer.to_owned(),
            other_relying_party: None,
            verifies_user: true,
            is_syncable: false,
            count: Some(0),
            user: Vec::new(),
            id,
            key: Arc::new(key),
        }
    }

    /// The id of the credential, in base64url.
    #[must_use]
    pub fn id_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.id)
    }

    /// The answer to the page that asks for a new passkey (§7.1).
    pub fn make(&mut self, page: &Page) -> String {
        let options = options(page);
        let user = options["user"]["id"].as_str().expect("a user handle");
        self.user = URL_SAFE_NO_PAD.decode(user).expect("base64url");
        let relying_party = options["rp"]["id"].as_str().expect("a relying party");
        let mut data = self.data(relying_party, 0x40);
        data.extend(AAGUID.to_be_bytes());
        data.extend(u16::try_from(self.id.len()).expect("a short id").to_be_bytes());
        data.extend(&self.id);
        // {1: 2, 3: -7, -1: 1, -2: x, -3: y} in CBOR.
        let point = self.key.public_key().as_ref();
        data.extend([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32]);
        data.extend(&point[1..33]);
        data.extend([0x22, 0x58, 32]);
        data.extend(&point[33..]);
        // {"fmt": "none", "attStmt": {}, "authData": data} in CBOR.
        let mut object = vec![0xa3, 0x63];
        object.extend(b"fmt\x64none\x67attStmt\xa0\x68authData\x59");
        object.extend(u16::try_from(data.len()).expect("short data").to_be_bytes());
        object.extend(&data);
        let client_data = self.client_data("webauthn.create", &options);
        let encoded = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        self.answer(&json!({
            "clientDataJSON": encoded(client_data.as_bytes()),
            "attestationObject": encoded(&object),
            "authenticatorData": encoded(&data),
        }))
    }

    /// The answer to the page that asks for a passkey (§7.2).
    pub fn sign(&mut self, page: &Page) -> String {
        let options = options(page);
        if let Some(count) = &mut self.count {
            *count += 1;
        }
        let data = self.data(options["rpId"].as_str().expect("a relying party"), 0);
        let client_data = self.client_data("webauthn.get", &options);
        let signed = [data.as_slice(), Digest::of(client_data.as_bytes()).as_bytes()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).expect("a signature");
        let encoded = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        self.answer(&json!({
            "clientDataJSON": encoded(client_data.as_bytes()),
            "authenticatorData": encoded(&data),
            "signature": encoded(signature.as_ref()),
            "userHandle": encoded(&self.user),
        }))
    }

    fn answer(&self, response: &Value) -> String {
        let id = self.id_text();
        let attachment = "platform";
        json!({"id": id, "rawId": id, "type": "public-key", "authenticatorAttachment": attachment, "response": response})
            .to_string()
    }

    fn client_data(&self, kind: &str, options: &Value) -> String {
        let (challenge, origin) = (&options["challenge"], &self.origin);
        json!({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": false}).to_string()
    }

    /// The authenticator data (§6.1), without what follows the count.
    fn data(&self, relying_party: &str, more_flags: u8) -> Vec<u8> {
        let relying_party = self.other_relying_party.as_deref().unwrap_or(relying_party);
        let flags = [(true, 1), (self.verifies_user, 4), (self.is_syncable, 0x18)];
        let flags = flags.iter().filter(|(is_set, _)| *is_set).fold(more_flags, |all, (_, flag)| all | flag);
        let mut data = Digest::of(relying_party.as_bytes()).as_bytes().to_vec();
        data.push(flags);
        data.extend(self.count.unwrap_or(0).to_be_bytes());
        data
    }
}

/// What the page asks the browser for.
fn options(page: &Page) -> Value {
    serde_json::from_str(&page.attribute("form[data-passkey]", "data-options")).expect("options")
}
