//! Reads secrets from standard input. Arguments are visible to every user of the machine.

use std::io::{self, IsTerminal, Read};

use anyhow::{anyhow, bail};
use domain::Secret;
use zeroize::Zeroizing;

/// More than any secret may have. The rest is not read.
const MAX_BYTES: u64 = 4096;

/// Reads the secret, without one newline at the end and the byte order mark that PowerShell writes before it.
///
/// # Errors
/// If standard input is empty or not UTF-8.
#[allow(clippy::print_stderr, reason = "a prompt on the terminal")]
pub(super) fn secret(what: &str) -> anyhow::Result<Secret> {
    let input = io::stdin().lock();
    if input.is_terminal() {
        eprintln!("Type the {what} (the terminal shows it), then press Enter and Ctrl-D:");
    }
    read(input, what)
}

fn read(input: impl Read, what: &str) -> anyhow::Result<Secret> {
    let mut text = Zeroizing::new(String::new());
    input
        .take(MAX_BYTES)
        .read_to_string(&mut text)
        .map_err(|reason| anyhow!("cannot read the {what} from standard input: {reason}"))?;
    let line = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let line = line.strip_suffix("\r\n").or_else(|| line.strip_suffix('\n')).unwrap_or(line);
    if line.is_empty() {
        bail!("the {what} is missing: pass it on standard input");
    }
    Ok(Secret::from(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret_of(input: &[u8]) -> Result<String, String> {
        read(input, "password").map(|secret| secret.expose().to_owned()).map_err(|error| error.to_string())
    }

    #[test]
    fn one_newline_at_the_end_is_no_part_of_the_secret() {
        for (input, secret) in [
            ("correct horse", "correct horse"),
            ("correct horse\n", "correct horse"),
            ("\u{feff}correct horse\r\n", "correct horse"),
            ("correct horse\r\n", "correct horse"),
            ("correct horse\n\n", "correct horse\n"),
            ("carriage return\r", "carriage return\r"),
            (" spaces \n", " spaces "),
        ] {
            assert_eq!(secret_of(input.as_bytes()).unwrap(), secret);
        }
    }

    #[test]
    fn nothing_is_no_secret() {
        for input in ["", "\n"] {
            assert_eq!(
                secret_of(input.as_bytes()).unwrap_err(),
                "the password is missing: pass it on standard input"
            );
        }
        assert!(secret_of(b"\xff").is_err());
    }
}
