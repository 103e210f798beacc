//! Basic OP: one test per module, named after it.

use super::module::Mode;

super::modules::basic_modules!(Mode::Query);
