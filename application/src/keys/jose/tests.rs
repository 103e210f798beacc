//! Tests of signing, verifying and publishing together.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::SigningAlgorithm::{self, EdDsa, Es256, Rs256};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn private_key(algorithm: SigningAlgorithm) -> PrivateKey {
    PrivateKey::from_pkcs8(algorithm, &PrivateKey::generate(algorithm).unwrap()).unwrap()
}

fn claims() -> Value {
    json!({ "iss": "https://as.example", "sub": "alice", "aud": "client", "exp": 1, "nbf": 4_000_000_000_u64 })
}

/// `jws` with another header or payload and the signature it had.
fn with_part(jws: &str, index: usize, content: &str) -> String {
    let mut parts: Vec<String> = jws.split('.').map(str::to_owned).collect();
    parts[index] = URL_SAFE_NO_PAD.encode(content);
    parts.join(".")
}

/// A correctly signed JWS with this header and payload text, which may be invalid.
fn signed_text(der: &[u8], header: &str, payload: &str) -> String {
    let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let signature =
        jsonwebtoken::crypto::sign(message.as_bytes(), &EncodingKey::from_ed_der(der), Algorithm::EdDSA)
            .unwrap();
    format!("{message}.{signature}")
}

#[test]
fn every_algorithm_verifies_what_it_signed() {
    for algorithm in SigningAlgorithm::ALL {
        let key = private_key(algorithm);
        let jws = key.sign(JwtType::AccessToken, &claims()).unwrap();
        let header = read_header(&jws).unwrap();
        assert_eq!(header.algorithm, algorithm);
        assert_eq!(header.kid.as_deref(), Some(key.kid()));
        assert_eq!(header.typ.as_deref(), Some("at+jwt"));
        assert_eq!(key.public_key().verify::<Value>(&jws, JwtType::AccessToken), Ok(claims()));
    }
}

#[test]
fn the_header_has_alg_kid_and_typ_and_nothing_else() {
    let key = private_key(Es256);
    let jws = key.sign(JwtType::LogoutToken, &claims()).unwrap();
    let header = URL_SAFE_NO_PAD.decode(jws.split('.').next().unwrap()).unwrap();
    assert_eq!(
        serde_json::from_slice::<Value>(&header).unwrap(),
        json!({ "alg": "ES256", "kid": key.kid(), "typ": "logout+jwt" })
    );
}

#[test]
fn a_changed_payload_is_refused() {
    for algorithm in SigningAlgorithm::ALL {
        let key = private_key(algorithm);
        let jws = key.sign(JwtType::IdToken, &claims()).unwrap();
        let changed = with_part(&jws, 1, r#"{"sub":"mallory"}"#);
        assert_eq!(
            key.public_key().verify::<Value>(&changed, JwtType::IdToken),
            Err(JoseError::BadSignature)
        );
    }
}

#[test]
fn a_changed_signature_is_refused() {
    for algorithm in SigningAlgorithm::ALL {
        let key = private_key(algorithm);
        let jws = key.sign(JwtType::IdToken, &claims()).unwrap();
        let signature = URL_SAFE_NO_PAD.decode(jws.rsplit('.').next().unwrap()).unwrap();
        for index in [0, signature.len() / 2, signature.len() - 1] {
            let mut parts: Vec<String> = jws.split('.').map(str::to_owned).collect();
            let mut changed = signature.clone();
            changed[index] ^= 1;
            parts[2] = URL_SAFE_NO_PAD.encode(changed);
            let verified = key.public_key().verify::<Value>(&parts.join("."), JwtType::IdToken);
            assert_eq!(verified, Err(JoseError::BadSignature));
        }
        let without = &jws[..=jws.rfind('.').unwrap()];
        assert_eq!(key.public_key().verify::<Value>(without, JwtType::IdToken), Err(JoseError::BadSignature));
    }
}

#[test]
fn a_changed_alg_is_refused() {
    let key = private_key(Rs256);
    let jws = key.sign(JwtType::IdToken, &claims()).unwrap();
    for alg in ["ES256", "EdDSA", "RS384", "RS512", "PS256", "HS256"] {
        let header = json!({ "alg": alg, "kid": key.kid(), "typ": "JWT" }).to_string();
        let verified = key.public_key().verify::<Value>(&with_part(&jws, 0, &header), JwtType::IdToken);
        assert_eq!(verified, Err(JoseError::WrongAlgorithm), "{alg}");
    }
}

#[test]
fn alg_none_is_refused_with_and_without_a_signature() {
    let key = private_key(Rs256);
    let jws = key.sign(JwtType::IdToken, &claims()).unwrap();
    for alg in ["none", "None", "NONE", ""] {
        let unsecured =
            with_part(&jws, 0, &json!({ "alg": alg, "kid": key.kid(), "typ": "JWT" }).to_string());
        let unsigned = &unsecured[..=unsecured.rfind('.').unwrap()];
        for jws in [unsecured.as_str(), unsigned] {
            assert_eq!(read_header(jws), Err(JoseError::Malformed));
            assert_eq!(key.public_key().verify::<Value>(jws, JwtType::IdToken), Err(JoseError::Malformed));
        }
    }
}

#[test]
fn hs256_with_the_public_key_as_the_secret_is_refused() {
    for algorithm in SigningAlgorithm::ALL {
        let key = private_key(algorithm);
        let public = serde_json::to_value(key.public_jwk()).unwrap();
        let member = public.get("n").or_else(|| public.get("x")).and_then(Value::as_str).unwrap();
        let raw = URL_SAFE_NO_PAD.decode(member).unwrap();
        for secret in [member.as_bytes(), raw.as_slice(), public.to_string().as_bytes()] {
            let mut header = Header::new(Algorithm::HS256);
            header.kid = Some(key.kid().to_owned());
            let jws = jsonwebtoken::encode(&header, &claims(), &EncodingKey::from_secret(secret)).unwrap();
            assert_eq!(
                key.public_key().verify::<Value>(&jws, JwtType::IdToken),
                Err(JoseError::WrongAlgorithm)
            );
        }
    }
}

#[test]
fn each_kind_of_jwt_is_accepted_only_where_its_typ_belongs() {
    let key = private_key(EdDsa);
    let kinds = [
        JwtType::AccessToken,
        JwtType::IdToken,
        JwtType::LogoutToken,
        JwtType::TokenIntrospection,
        JwtType::UserInfo,
    ];
    for issued in kinds {
        let jws = key.sign(issued, &claims()).unwrap();
        for expected in kinds {
            let verified = key.public_key().verify::<Value>(&jws, expected);
            if issued.as_str() == expected.as_str() {
                assert_eq!(verified, Ok(claims()));
            } else {
                assert_eq!(verified, Err(JoseError::WrongType), "{issued:?} as {expected:?}");
            }
        }
    }
}

#[test]
fn a_missing_typ_is_refused() {
    let der = PrivateKey::generate(EdDsa).unwrap();
    let key = PrivateKey::from_pkcs8(EdDsa, &der).unwrap();
    let jws = signed_text(&der, r#"{"alg":"EdDSA"}"#, "{}");
    assert_eq!(key.public_key().verify::<Value>(&jws, JwtType::IdToken), Err(JoseError::WrongType));
}

#[test]
fn an_extension_is_refused_though_the_signature_is_right() {
    let der = PrivateKey::generate(EdDsa).unwrap();
    let key = PrivateKey::from_pkcs8(EdDsa, &der).unwrap();
    for demand in
        [r#""crit":["exp"],"exp":1"#, r#""crit":[]"#, r#""crit":["b64"],"b64":false"#, r#""b64":true"#]
    {
        let jws = signed_text(&der, &format!(r#"{{"alg":"EdDSA","typ":"JWT",{demand}}}"#), "{}");
        let verified = key.public_key().verify::<Value>(&jws, JwtType::IdToken);
        assert_eq!(verified, Err(JoseError::ExtensionDemanded), "{demand}");
    }
}

#[test]
fn a_header_member_that_occurs_twice_is_refused() {
    let der = PrivateKey::generate(EdDsa).unwrap();
    for twice in [r#""alg":"EdDSA","alg":"RS256""#, r#""alg":"EdDSA","typ":"at+jwt","typ":"JWT""#] {
        let jws = signed_text(&der, &format!("{{{twice}}}"), "{}");
        assert_eq!(read_header(&jws), Err(JoseError::Malformed), "{twice}");
    }
}

#[test]
fn a_jws_that_names_another_key_is_refused() {
    let (first, second) = (private_key(EdDsa), private_key(EdDsa));
    let jws = first.sign(JwtType::IdToken, &claims()).unwrap();
    assert_eq!(second.public_key().verify::<Value>(&jws, JwtType::IdToken), Err(JoseError::WrongKey));
}

#[test]
fn claims_of_another_shape_are_unreadable() {
    let der = PrivateKey::generate(EdDsa).unwrap();
    let key = PrivateKey::from_pkcs8(EdDsa, &der).unwrap();
    for payload in ["[]", "1", "\"alice\"", "{", "", "{\"sub\":1,\"sub\":2}"] {
        let jws = signed_text(&der, r#"{"alg":"EdDSA","typ":"JWT"}"#, payload);
        let verified = key.public_key().verify::<Value>(&jws, JwtType::IdToken);
        assert_eq!(verified, Err(JoseError::UnreadableClaims), "{payload}");
    }
}

#[test]
fn a_jws_that_is_too_long_is_not_looked_at() {
    let key = private_key(EdDsa);
    let jws = key.sign(JwtType::IdToken, &json!({ "padding": "x".repeat(MAX_JWS_LENGTH) })).unwrap();
    assert_eq!(read_header(&jws), Err(JoseError::TooLong));
    assert_eq!(key.public_key().verify::<Value>(&jws, JwtType::IdToken), Err(JoseError::TooLong));
}

#[test]
fn a_public_jwk_survives_json_and_has_public_members_only() {
    for (algorithm, members) in [
        (Rs256, vec!["alg", "e", "kid", "kty", "n", "use"]),
        (Es256, vec!["alg", "crv", "kid", "kty", "use", "x", "y"]),
        (EdDsa, vec!["alg", "crv", "kid", "kty", "use", "x"]),
    ] {
        let key = private_key(algorithm);
        let value = serde_json::to_value(key.public_jwk()).unwrap();
        let mut names: Vec<_> = value.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, members);
        assert_eq!((value["use"].as_str(), value["alg"].as_str()), (Some("sig"), Some(algorithm.as_str())));
        let read: Jwk = serde_json::from_value(value).unwrap();
        assert_eq!(&read, key.public_jwk());
        let jws = key.sign(JwtType::UserInfo, &claims()).unwrap();
        assert_eq!(
            PublicKey::from_jwk(&read).unwrap().verify::<Value>(&jws, JwtType::UserInfo),
            Ok(claims())
        );
    }
}

#[test]
fn the_kid_depends_on_nothing_but_the_key() {
    let der = PrivateKey::generate(Es256).unwrap();
    let (once, again) =
        (PrivateKey::from_pkcs8(Es256, &der).unwrap(), PrivateKey::from_pkcs8(Es256, &der).unwrap());
    assert_eq!(once.kid(), again.kid());
    assert_ne!(once.kid(), private_key(Es256).kid());
}

#[test]
fn a_key_that_is_not_for_verifying_is_refused() {
    let n = URL_SAFE_NO_PAD.encode([0xff; 128]);
    let zeros = URL_SAFE_NO_PAD.encode([0; 32]);
    for jwk in [
        json!({ "kty": "RSA", "n": n, "e": "AQAB" }),
        json!({ "kty": "EC", "crv": "P-256", "x": zeros, "y": zeros }),
        json!({ "kty": "EC", "crv": "P-384", "x": zeros, "y": zeros }),
        json!({ "kty": "OKP", "crv": "Ed25519", "x": "AQAB" }),
        json!({ "kty": "oct", "k": zeros, "alg": "HS256" }),
        json!({ "kty": "EC", "crv": "P-256", "x": "/", "y": zeros }),
    ] {
        let read: Jwk = serde_json::from_value(jwk.clone()).unwrap();
        assert_eq!(PublicKey::from_jwk(&read).err(), Some(JoseError::InvalidKey), "{jwk}");
    }
    let sound = serde_json::to_value(private_key(EdDsa).public_jwk()).unwrap();
    for (member, value) in [("use", json!("enc")), ("alg", json!("RS256")), ("key_ops", json!(["encrypt"]))] {
        let mut jwk = sound.clone();
        jwk[member] = value;
        let read: Jwk = serde_json::from_value(jwk).unwrap();
        assert_eq!(PublicKey::from_jwk(&read).err(), Some(JoseError::InvalidKey), "{member}");
    }
}

#[test]
fn a_key_without_alg_has_that_of_its_type_and_without_kid_fits_any() {
    for algorithm in SigningAlgorithm::ALL {
        let private = private_key(algorithm);
        let mut jwk = private.public_jwk().clone();
        jwk.common.key_algorithm = None;
        jwk.common.key_id = None;
        let public = PublicKey::from_jwk(&jwk).unwrap();
        assert_eq!((public.algorithm(), public.kid()), (algorithm, None));
        let jws = private.sign(JwtType::IdToken, &claims()).unwrap();
        assert_eq!(public.verify::<Value>(&jws, JwtType::IdToken), Ok(claims()));
    }
}

#[test]
fn private_members_of_a_given_key_go_no_further() {
    let mut jwk = serde_json::to_value(private_key(EdDsa).public_jwk()).unwrap();
    jwk["d"] = json!("AAAA");
    let key = PublicKey::from_jwk(&serde_json::from_value(jwk).unwrap()).unwrap();
    assert_eq!(serde_json::to_value(key.jwk()).unwrap().get("d"), None);
}

#[test]
fn a_key_of_somebody_else_still_signs_by_itself() {
    let (ours, theirs) = (private_key(EdDsa), PrivateKey::generate(EdDsa).unwrap());
    let mine = ours.sign(JwtType::IdToken, &claims()).unwrap();
    let other = signed_text(&theirs, &json!({ "alg": "EdDSA", "typ": "JWT" }).to_string(), "{}");
    assert!(ours.public_key().verify::<Value>(&mine, JwtType::IdToken).is_ok());
    assert_eq!(ours.public_key().verify::<Value>(&other, JwtType::IdToken), Err(JoseError::BadSignature));
    let theirs = PrivateKey::from_pkcs8(EdDsa, &theirs).unwrap();
    assert_eq!(theirs.public_key().verify::<Value>(&other, JwtType::IdToken), Ok(json!({})));
}

#[test]
fn threads_that_sign_at_once_never_mix_their_keys() {
    let keys: Vec<_> = SigningAlgorithm::ALL.into_iter().chain([EdDsa, Es256]).map(private_key).collect();
    std::thread::scope(|scope| {
        for key in &keys {
            scope.spawn(move || {
                for number in 0..50 {
                    let jws = key.sign(JwtType::IdToken, &json!({ "number": number })).unwrap();
                    let verified = key.public_key().verify::<Value>(&jws, JwtType::IdToken);
                    assert_eq!(verified, Ok(json!({ "number": number })));
                }
            });
        }
    });
}

#[test]
fn a_set_signs_publishes_and_verifies_each_key_as_it_should() {
    let (current, next, previous, retired) =
        (private_key(Es256), private_key(Es256), private_key(Es256), private_key(EdDsa));
    let old = retired.sign(JwtType::IdToken, &claims()).unwrap();
    let current_kid = current.kid().to_owned();
    let set = KeySet::new([
        KeyUse::PublishOnly(next.public_key().clone()),
        KeyUse::SignAndPublish(current),
        KeyUse::PublishOnly(previous.public_key().clone()),
        KeyUse::VerifyOnly(retired.public_key().clone()),
    ])
    .unwrap();
    assert_eq!(set.algorithms().collect::<Vec<_>>(), [Es256]);
    assert_eq!(set.signing(Es256).map(PrivateKey::kid), Some(current_kid.as_str()));
    assert!(set.signing(EdDsa).is_none());
    let jwks: Value = serde_json::from_slice(set.jwks()).unwrap();
    let kids: Vec<_> =
        jwks["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap()).collect();
    assert_eq!(kids, [next.kid(), &current_kid, previous.kid()]);
    assert!(set.verifying(retired.kid(), JwtType::IdToken).is_some());
    assert!(
        set.verifying(retired.kid(), JwtType::AccessToken).is_none(),
        "a retired key verifies hints only"
    );
    assert_eq!(set.verify::<Value>(&old, JwtType::IdToken), Ok(claims()));
    let foreign = private_key(Es256).sign(JwtType::IdToken, &claims()).unwrap();
    assert_eq!(set.verify::<Value>(&foreign, JwtType::IdToken), Err(JoseError::UnknownKey));
}

#[test]
fn a_published_set_never_has_private_members() {
    let set =
        KeySet::new(SigningAlgorithm::ALL.map(|algorithm| KeyUse::SignAndPublish(private_key(algorithm))))
            .unwrap();
    let jwks: Value = serde_json::from_slice(set.jwks()).unwrap();
    let keys = jwks["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 3);
    for key in keys {
        for private in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            assert_eq!(key.get(private), None);
        }
    }
}

#[test]
fn a_set_with_two_signers_of_one_algorithm_or_one_key_twice_is_refused() {
    let two = [private_key(EdDsa), private_key(EdDsa)].map(KeyUse::SignAndPublish);
    assert_eq!(KeySet::new(two).err(), Some(JoseError::DuplicateKey));
    let key = private_key(EdDsa);
    let twice = [KeyUse::PublishOnly(key.public_key().clone()), KeyUse::VerifyOnly(key.public_key().clone())];
    assert_eq!(KeySet::new(twice).err(), Some(JoseError::DuplicateKey));
}

proptest! {
    #[test]
    fn random_text_never_panics(text in ".{0,200}", parts in proptest::collection::vec("[A-Za-z0-9_-]{0,60}", 0..5)) {
        let key = PublicKey::from_jwk(private_key(EdDsa).public_jwk()).unwrap();
        for jws in [text, parts.join(".")] {
            prop_assert!(read_header(&jws).is_err());
            prop_assert!(key.verify::<Value>(&jws, JwtType::AccessToken).is_err());
        }
    }

    #[test]
    fn random_headers_and_payloads_never_panic(header in r#"\{("(alg|typ|kid|crit|b64|jwk)":("EdDSA"|"at\+jwt"|\[\]|\{\}|null|1),?){0,4}\}"#, payload in ".{0,80}") {
        let der = PrivateKey::generate(EdDsa).unwrap();
        let key = PrivateKey::from_pkcs8(EdDsa, &der).unwrap();
        let jws = signed_text(&der, &header, &payload);
        let _ = read_header(&jws);
        let _ = key.public_key().verify::<Value>(&jws, JwtType::AccessToken);
    }
}
