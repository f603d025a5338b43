//! Names nested a hundred thousand deep, in every scheme: an answer, not the end of the process.

mod support;

use support::{demangle, json};

const DEPTH: usize = 100_000;

#[test]
fn demangle_names_nested_beyond_reason_ends_with_an_answer() {
    let names = [
        (
            "Swift optional",
            format!("$s4main1fyySi{}F", "Sg".repeat(DEPTH)),
        ),
        (
            "Swift array",
            format!("$s4main1fyy{}Si{}F", "Say".repeat(DEPTH), "G".repeat(DEPTH)),
        ),
        (
            "Swift local function",
            format!("$s{}", "4main1fyyF1gL_".repeat(DEPTH)),
        ),
        (
            "Swift function type",
            format!("$s4main1fyy{}F", "yyc".repeat(DEPTH)),
        ),
        ("old Swift generic", format!("_Tt{}Si", "GSa".repeat(DEPTH))),
        ("old Swift function", format!("_Tt{}", "F".repeat(DEPTH))),
        ("C++ pointer", format!("_Z1f{}i", "P".repeat(DEPTH))),
        (
            "C++ function pointer",
            format!("_Z1f{}i", "PF".repeat(DEPTH)),
        ),
        ("C++ namespace", format!("_ZN{}1fEv", "1a".repeat(DEPTH))),
        ("C++ template", format!("_Z1f{}", "I".repeat(DEPTH))),
        ("Rust path", format!("_R{}", "Nv".repeat(DEPTH))),
        ("Rust generic", format!("_RNvC1a1f{}", "I".repeat(DEPTH))),
        ("Rust reference", format!("_RI{}", "R".repeat(DEPTH))),
        ("MSVC pointer", format!("?f@@YAX{}H@Z", "PEA".repeat(DEPTH))),
        (
            "MSVC function pointer",
            format!("?f@@YAXP6AX{}", "P6AX".repeat(DEPTH)),
        ),
        ("MSVC scope", format!("?f@{}@YAXXZ", "a@".repeat(DEPTH))),
    ];
    for (what, name) in names {
        let argument = serde_json::json!([[name, null]]).to_string();
        let answer = json(&demangle(&argument));
        assert_eq!(answer.as_array().map(Vec::len), Some(1), "{what}");
    }
}
