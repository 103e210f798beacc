//! The `openidconnect` crate (Rust).

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthenticationFlow, CoreClaimName, CoreClaimType, CoreClient, CoreClientAuthMethod,
    CoreGrantType, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm,
    CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType, CoreUserInfoClaims,
};
use openidconnect::{
    AccessTokenHash, AdditionalProviderMetadata, AuthorizationCode, ClientId, ClientSecret, CsrfToken,
    HttpRequest, HttpResponse, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge, ProviderMetadata,
    RedirectUrl, Scope, TokenResponse,
};
use reqwest::redirect::Policy;
use serde::{Deserialize, Serialize};
use tests::support::{Browser, Callback};

use super::{USERNAME, server_and_client};

/// Members that RFC 8414 defines and OpenID Connect Discovery does not.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Rfc8414 {
    revocation_endpoint: String,
    code_challenge_methods_supported: Vec<String>,
}

impl AdditionalProviderMetadata for Rfc8414 {}

type Discovered = ProviderMetadata<
    Rfc8414,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// The library ships with an older reqwest. This client follows no redirects, as the library
/// requires.
async fn exchange(request: HttpRequest) -> Result<HttpResponse, reqwest::Error> {
    let http = reqwest::Client::builder().redirect(Policy::none()).no_proxy().build()?;
    let answer = http.execute(request.try_into()?).await?;
    let mut response = HttpResponse::new(Vec::new());
    *response.status_mut() = answer.status();
    *response.headers_mut() = answer.headers().clone();
    *response.body_mut() = answer.bytes().await?.to_vec();
    Ok(response)
}

#[tokio::test]
async fn openidconnect_walks_from_discovery_to_revocation() {
    let (server, registered) = server_and_client().await;
    let issuer = IssuerUrl::new(server.issuer.clone()).expect("an issuer");
    let metadata = Discovered::discover_async(issuer, &exchange).await.expect("discovery");
    let more = metadata.additional_metadata().clone();
    assert_eq!(more.code_challenge_methods_supported, ["S256"]);
    let client = CoreClient::from_provider_metadata(
        metadata,
        ClientId::new(registered.id.clone()),
        registered.secret.clone().map(ClientSecret::new),
    )
    .set_redirect_uri(RedirectUrl::new(registered.redirect_uri.clone()).expect("a redirect URI"));

    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, state, nonce) = client
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
        .add_scope(Scope::new("profile".to_owned()))
        .add_scope(Scope::new("email".to_owned()))
        .set_pkce_challenge(challenge)
        .url();
    let landed = Browser::new(&server.issuer).sign_in_and_consent(url.as_str(), USERNAME).await;
    let callback = Callback::from_url(&landed);
    assert_eq!(callback.get("state"), Some(state.secret().as_str()));
    assert_eq!(callback.get("iss"), Some(server.issuer.as_str()), "RFC 9207");

    let tokens = client
        .exchange_code(AuthorizationCode::new(callback.code().to_owned()))
        .expect("a token endpoint")
        .set_pkce_verifier(verifier)
        .request_async(&exchange)
        .await
        .expect("tokens");
    let id_token = tokens.id_token().expect("an ID token");
    let id_token_verifier = client.id_token_verifier();
    let claims = id_token.claims(&id_token_verifier, &nonce).expect("a valid ID token");
    let at_hash = AccessTokenHash::from_token(
        tokens.access_token(),
        id_token.signing_alg().expect("an algorithm"),
        id_token.signing_key(&id_token_verifier).expect("a published key"),
    );
    assert_eq!(claims.access_token_hash(), Some(&at_hash.expect("a hash")));
    let wrong = id_token.claims(&id_token_verifier, &Nonce::new("another".to_owned()));
    assert!(wrong.is_err(), "another nonce was accepted");

    let user: CoreUserInfoClaims = client
        .user_info(tokens.access_token().clone(), Some(claims.subject().clone()))
        .expect("a UserInfo endpoint")
        .request_async(&exchange)
        .await
        .expect("claims");
    let email = user.email().map(|email| email.as_str());
    assert_eq!(email, Some(format!("{USERNAME}@example.com").as_str()));

    let refreshed = client
        .exchange_refresh_token(tokens.refresh_token().expect("a refresh token"))
        .expect("a token endpoint")
        .request_async(&exchange)
        .await
        .expect("new tokens");
    assert_ne!(refreshed.access_token().secret(), tokens.access_token().secret());

    // The library revokes tokens over https only, so the test posts to the revocation endpoint of
    // the metadata itself.
    assert_eq!(more.revocation_endpoint, server.url("/oauth/revoke"));
    let access_token = refreshed.access_token().secret();
    assert_eq!(registered.userinfo(access_token).await.status(), 200);
    assert_eq!(registered.revoke(access_token).await.status(), 200);
    assert_eq!(registered.userinfo(access_token).await.status(), 401);
    let refused: Result<CoreUserInfoClaims, _> = client
        .user_info(refreshed.access_token().clone(), None)
        .expect("a UserInfo endpoint")
        .request_async(&exchange)
        .await;
    assert!(refused.is_err(), "a revoked token was accepted");
}
