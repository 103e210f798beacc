//! The `typ` of each type of JWT that this server issues (RFC 7515 §4.1.9, RFC 8725 §3.11).

/// The type of a JWT. Each endpoint accepts one type only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JwtType {
    /// An access token (RFC 9068 §2.1).
    AccessToken,
    /// An access token for resource servers that refuse the type of RFC 9068. Its `typ` is that of an ID token; the claims
    /// tell them apart.
    PlainAccessToken,
    /// An ID token (OpenID Connect Core §2). It shares its `typ` with [`Self::UserInfo`]; the claims tell them apart.
    IdToken,
    /// A logout token (OpenID Connect Back-Channel Logout §2.4).
    LogoutToken,
    /// An introspection response (RFC 9701 §5).
    TokenIntrospection,
    /// A signed UserInfo response (OpenID Connect Core §5.3.2).
    UserInfo,
}

impl JwtType {
    /// The value of `typ`, in the recommended short form without `application/`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccessToken => "at+jwt",
            Self::PlainAccessToken | Self::IdToken | Self::UserInfo => "JWT",
            Self::LogoutToken => "logout+jwt",
            Self::TokenIntrospection => "token-introspection+jwt",
        }
    }

    /// Whether `typ` names this type.
    pub(super) fn matches(self, typ: &str) -> bool {
        same_media_type(typ, self.as_str())
    }
}

/// Whether `typ` is the media type `application/<subtype>`: without regard to case, and with `application/` understood
/// where there is no slash (RFC 7515 §4.1.9).
pub(super) fn same_media_type(typ: &str, subtype: &str) -> bool {
    match typ.split_once('/') {
        Some((tree, rest)) => tree.eq_ignore_ascii_case("application") && rest.eq_ignore_ascii_case(subtype),
        None => typ.eq_ignore_ascii_case(subtype),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typ_is_compared_as_a_media_type() {
        for typ in ["at+jwt", "AT+JWT", "application/at+jwt", "Application/At+Jwt"] {
            assert!(JwtType::AccessToken.matches(typ), "{typ}");
        }
        for typ in ["", "jwt", "at+jwt ", "text/at+jwt", "application/application/at+jwt", "/at+jwt"] {
            assert!(!JwtType::AccessToken.matches(typ), "{typ}");
        }
    }
}
