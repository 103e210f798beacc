//! What a new passkey is called first: by the program that keeps it. The AAGUID (§6.5.1) is what that program says of itself, without
//! attestation, so nothing is decided by it.

/// AAGUIDs of the usual programs, as <https://github.com/passkeydeveloper/passkey-authenticator-aaguids> lists them.
const PROVIDERS: [(&str, &str); 18] = [
    ("08987058-cadc-4b81-b6e1-30de50dcbe96", "Windows Hello"),
    ("0ea242b4-43c4-4a1b-8b17-dd6d0b6baec6", "Keeper"),
    ("50726f74-6f6e-5061-7373-50726f746f6e", "Proton Pass"),
    ("53414d53-554e-4700-0000-000000000000", "Samsung Pass"),
    ("531126d6-e717-415c-9320-3d9aa6981239", "Dashlane"),
    ("6028b017-b1d4-4c02-b4b3-afcdafc96bb2", "Windows Hello"),
    ("9ddd1817-af5a-4672-a2b9-3e3dd95000a9", "Windows Hello"),
    ("adce0002-35bc-c60a-648b-0b25f1f05503", "Chrome on Mac"),
    ("b5397666-4885-aa6b-cebf-e52262a439a2", "Chromium Browser"),
    ("b84e4048-15dc-4dd0-8640-f4f60813c8af", "NordPass"),
    ("bada5566-a7aa-401f-bd96-45619a55120d", "1Password"),
    ("d3452668-01fd-4c12-926c-83a4204853aa", "Microsoft Password Manager"),
    ("d548826e-79b4-db40-a3d8-11116f7e8349", "Bitwarden"),
    ("dd4ec289-e01d-41c9-bb89-70fa845d4bf2", "iCloud Keychain"),
    ("ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4", "Google Password Manager"),
    ("f3809540-7f14-49c1-a8b3-8f813b225541", "Enpass"),
    ("fbfc3007-154e-4ecc-8c0b-6e020557d7bd", "iCloud Keychain"),
    ("fdb141b2-5d84-443e-8a35-4698c205a502", "KeePassXC"),
];
/// Where the AAGUID is in the authenticator data of a new credential (§6.1).
const AAGUID: std::ops::Range<usize> = 37..53;

/// The name of the program whose authenticator data these are, if it is one of the usual ones.
pub(super) fn provider_name(authenticator_data: &[u8]) -> Option<&'static str> {
    let bytes: [u8; 16] = authenticator_data.get(AAGUID)?.try_into().ok()?;
    let number = u128::from_be_bytes(bytes);
    let is_it = |text: &str| u128::from_str_radix(&text.replace('-', ""), 16) == Ok(number);
    PROVIDERS.iter().find(|(aaguid, _)| is_it(aaguid)).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_is_known_by_its_aaguid() {
        let mut data = vec![0; 100];
        assert_eq!(provider_name(&data), None);
        let keychain = 0xfbfc_3007_154e_4ecc_8c0b_6e02_0557_d7bd_u128;
        data[AAGUID].copy_from_slice(&keychain.to_be_bytes());
        assert_eq!(provider_name(&data), Some("iCloud Keychain"));
        assert_eq!(provider_name(&data[..52]), None);
        assert!(
            PROVIDERS.iter().all(|(aaguid, _)| u128::from_str_radix(&aaguid.replace('-', ""), 16).is_ok())
        );
    }
}
