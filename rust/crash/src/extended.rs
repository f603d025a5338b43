//! What a dump tells besides stacks.

use serde_json::{Value, json};

use crate::process::Dump;
use crate::protocol::Cut;

/// All of it, each part only if the dump has it.
pub(crate) fn extended(_dump: &Dump, _cuts: &mut Vec<Cut>) -> Value {
    json!({})
}
