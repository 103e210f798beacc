//! Reads secrets from standard input. Arguments are visible to every user of the machine.

use std::io::{self, BufRead, IsTerminal, Read};

use anyhow::{anyhow, bail};
use domain::Secret;
use zeroize::Zeroizing;

/// More than any secret may have. The rest is not read.
const MAX_BYTES: u64 = 4096;

/// Reads the secret, without one newline at the end and the byte order mark that PowerShell writes before it. A terminal does not
/// show what is typed.
///
/// # Errors
/// If standard input is empty or not UTF-8.
#[allow(clippy::print_stderr, reason = "a prompt on the terminal")]
pub(super) fn secret(what: &str) -> anyhow::Result<Secret> {
    if !io::stdin().is_terminal() {
        return read(io::stdin().lock(), what);
    }
    let hidden = Hidden::begin();
    let shown = if hidden.is_ok() { ", which is not shown" } else { " (the terminal shows it)" };
    eprintln!("Type the {what}{shown}, then press Enter:");
    let mut line = Zeroizing::new(String::new());
    let typed = io::stdin().lock().take(MAX_BYTES).read_line(&mut line);
    drop(hidden);
    typed.map_err(|reason| anyhow!("cannot read the {what} from the terminal: {reason}"))?;
    read(line.as_bytes(), what)
}

/// The terminal shows nothing that is typed until this is dropped, except the end of the line.
#[cfg(target_os = "linux")]
struct Hidden(rustix::termios::Termios);

#[cfg(target_os = "linux")]
impl Hidden {
    fn begin() -> io::Result<Self> {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let before = tcgetattr(io::stdin())?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        hidden.local_modes.insert(LocalModes::ECHONL);
        tcsetattr(io::stdin(), OptionalActions::Now, &hidden)?;
        Ok(Self(before))
    }
}

#[cfg(target_os = "linux")]
impl Drop for Hidden {
    fn drop(&mut self) {
        let _gone = rustix::termios::tcsetattr(io::stdin(), rustix::termios::OptionalActions::Now, &self.0);
    }
}

/// Other systems have other calls for this.
#[cfg(not(target_os = "linux"))]
struct Hidden;

#[cfg(not(target_os = "linux"))]
impl Hidden {
    fn begin() -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }
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
