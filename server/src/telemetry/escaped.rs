//! Log lines whose values cannot forge or hide other lines: characters that end a line, move the cursor, change the direction of
//! the text or are invisible are escaped (CWE-117).

use std::fmt::{self, Debug, Write as _};
use std::io;

use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;
use tracing::field::Field;
use tracing_subscriber::field::{MakeExt, RecordFields};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::{FormatFields, Writer, debug_fn};

/// The fields of a line of text: the message, then `name=value`.
pub(super) struct EscapedFields;

impl<'writer> FormatFields<'writer> for EscapedFields {
    fn format_fields<R: RecordFields>(&self, writer: Writer<'writer>, fields: R) -> fmt::Result {
        debug_fn(field).delimited(" ").format_fields(writer, fields)
    }
}

fn field(writer: &mut Writer<'_>, field: &Field, value: &dyn Debug) -> fmt::Result {
    match field.name() {
        "message" => write!(Escaped(writer), "{value:?}"),
        name => write!(Escaped(writer), "{}={value:?}", name.trim_start_matches("r#")),
    }
}

/// Writes text, and each character that is not safe by its number.
struct Escaped<W>(W);

impl<W: fmt::Write> fmt::Write for Escaped<W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|character| match is_safe(character) {
            true => self.0.write_char(character),
            false => write!(self.0, "{}", character.escape_unicode()),
        })
    }
}

/// Makes writers of JSON lines. JSON escapes only what ends a line or moves the cursor in ASCII.
pub(super) struct EscapedJson<W>(pub(super) W);

impl<'a, W: MakeWriter<'a>> MakeWriter<'a> for EscapedJson<W> {
    type Writer = JsonLine<W::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        JsonLine(self.0.make_writer())
    }
}

/// Writes one line of JSON, which is written as a whole.
pub(super) struct JsonLine<W>(W);

impl<W: io::Write> io::Write for JsonLine<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        // Only strings of a JSON text have characters beyond ASCII.
        let is_escaped = |character: char| character > '~' && !is_safe(character);
        let text = String::from_utf8_lossy(line);
        if !text.contains(is_escaped) {
            self.0.write_all(line)?;
            return Ok(line.len());
        }
        let mut escaped = String::with_capacity(text.len() + 64);
        for character in text.chars() {
            if is_escaped(character) {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    let _ = write!(escaped, "\\u{unit:04x}");
                }
            } else {
                escaped.push(character);
            }
        }
        self.0.write_all(escaped.as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Whether a terminal shows the character at its place and as what it is: no control, no format character, no separator of lines
/// or paragraphs.
fn is_safe(character: char) -> bool {
    use GeneralCategory::{Control, Format, LineSeparator, ParagraphSeparator};
    let category = CodePointMapData::<GeneralCategory>::new().get(character);
    ![Control, Format, LineSeparator, ParagraphSeparator].contains(&category)
}
