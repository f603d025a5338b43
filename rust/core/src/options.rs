//! What the caller wants done with an object, and the side files that this needs.

use serde::Deserialize;
use symbolic_debuginfo::macho::BcSymbolMap;
use symbolic_il2cpp::LineMapping;

use crate::error::{Code, Error};

/// Options as they cross the boundary; an absent key and an empty text mean the default.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(default)]
pub struct ObjectOptions {
    /// Path of a BCSymbolMap, to restore names that bitcode compilation hid.
    pub bcsymbolmap: Option<String>,
    /// Path of the UUID map that led to the BCSymbolMap. Only that map's finder needs it; here it is
    /// accepted and not read.
    pub uuidmap: Option<String>,
    /// Path of an il2cpp line mapping (JSON).
    pub il2cpp: Option<String>,
    /// Whether names and types of variables are wanted.
    pub variables: bool,
}

impl ObjectOptions {
    /// Reads the JSON text; empty text is all defaults.
    ///
    /// # Errors
    /// [`Code::InvalidArgument`].
    pub fn parse(json: &str) -> Result<Self, Error> {
        if json.is_empty() {
            return Ok(Self::default());
        }
        serde_json::from_str(json)
            .map_err(|error| Error::new(Code::InvalidArgument, format!("bad options: {error}")))
    }
}

/// Reads an il2cpp line mapping.
///
/// # Errors
/// [`Code::MalformedMapping`] when this is not one.
pub fn parse_il2cpp(json: &[u8]) -> Result<LineMapping, Error> {
    LineMapping::parse(json)
        .ok_or_else(|| Error::new(Code::MalformedMapping, "not an il2cpp line mapping"))
}

/// Reads a BCSymbolMap.
///
/// # Errors
/// [`Code::MalformedMapping`] when this is not one.
pub fn parse_bcsymbolmap(text: &[u8]) -> Result<BcSymbolMap<'_>, Error> {
    BcSymbolMap::parse(text).map_err(|error| Error::caused(Code::MalformedMapping, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parse_empty_and_partial_text_fills_in_defaults() {
        assert_eq!(ObjectOptions::parse("").unwrap(), ObjectOptions::default());
        let options = ObjectOptions::parse(r#"{"variables":true,"il2cpp":"/a.json","later":1}"#);
        let expected = ObjectOptions {
            il2cpp: Some("/a.json".into()),
            variables: true,
            ..ObjectOptions::default()
        };
        assert_eq!(options.unwrap(), expected);
    }

    #[test]
    fn parse_other_json_is_an_invalid_argument() {
        for json in ["7", "{", r#"{"variables":"yes"}"#] {
            let error = ObjectOptions::parse(json).unwrap_err();
            assert_eq!(error.code, Code::InvalidArgument, "{json}");
        }
    }
}
