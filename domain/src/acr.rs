//! How a user was authenticated: `acr` and `amr` (OpenID Connect Core §2, RFC 8176).

/// The authentication context of a password login, as published in `acr_values_supported`.
pub const PASSWORD: &str = "urn:oauth2-server:acr:password";

/// Every authentication context there is.
pub const SUPPORTED: [&str; 1] = [PASSWORD];

/// The authentication method reference of a password (RFC 8176 §2).
pub const AMR_PASSWORD: &str = "pwd";
