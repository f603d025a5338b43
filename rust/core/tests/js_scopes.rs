//! What is found of the functions of a script, and what hostile scripts come to.

use std::thread;

use framewright_core::error::{Code, Error};
use framewright_core::js_scopes::extract;

/// As the boundary does it.
fn on_a_deep_stack(script: String) -> Result<Vec<u8>, Error> {
    thread::Builder::new()
        .stack_size(64 << 20)
        .spawn(move || extract(&script))
        .unwrap()
        .join()
        .unwrap()
}

struct Scopes {
    rows: Vec<(u32, u32, i32)>,
    names: Vec<Vec<(String, u32, u32)>>,
}

fn scopes(script: &str) -> Scopes {
    let reply = on_a_deep_stack(script.to_owned()).unwrap();
    let number = |at: usize| u32::from_le_bytes(reply[at..at + 4].try_into().unwrap());
    let rows = number(0) as usize;
    let names = number(4) as usize;
    let parts = number(8) as usize;
    let names_at = 16 + rows * 12;
    let parts_at = names_at + (names + 1) * 4;
    let text = &reply[parts_at + parts * 24..];
    assert_eq!(text.len(), number(12) as usize);
    let part = |index: u32| {
        let at = parts_at + index as usize * 24;
        let (start, length) = (number(at) as usize, number(at + 4) as usize);
        let text = String::from_utf8(text[start..start + length].to_vec()).unwrap();
        (text, number(at + 8), number(at + 12))
    };
    Scopes {
        rows: (0..rows)
            .map(|row| {
                let at = 16 + row * 12;
                (number(at), number(at + 4), number(at + 8).cast_signed())
            })
            .collect(),
        names: (0..names)
            .map(|name| {
                let at = names_at + name * 4;
                (number(at)..number(at + 4)).map(part).collect()
            })
            .collect(),
    }
}

#[test]
fn extract_rows_say_the_innermost_function_in_utf16_columns() {
    let found = scopes("/*😀*/function a(){b(()=>1)}\nc.d=function(){}");
    assert_eq!(
        found.rows,
        [
            (0, 0, -1),
            (0, 6, 0),
            (0, 21, -2),
            (0, 26, 0),
            (0, 28, -1),
            (1, 4, 1),
        ]
    );
    assert_eq!(found.names[0], [("a".to_owned(), 0, 15)]);
    let parts: Vec<&str> = found.names[1].iter().map(|part| part.0.as_str()).collect();
    assert_eq!(parts.concat(), "c.d");
    assert_eq!(found.names[1][1].1, u32::MAX);
}

#[test]
fn extract_no_module_is_unsupported() {
    let error = on_a_deep_stack("function (".into()).unwrap_err();
    assert_eq!(error.code, Code::UnsupportedObject);
}

#[test]
fn extract_deep_scripts_are_parsed_or_refused_and_never_overflow() {
    let nesting = [
        ("(", ")"),
        ("[", "]"),
        ("{", "}"),
        ("!", ""),
        ("a+", ""),
        ("a=>", ""),
        ("a?b:", ""),
        ("a?", ":b"),
        ("a=", ""),
        ("a.", ""),
        ("a[0].b(", ")"),
        ("new ", ""),
        ("await ", ""),
        ("if(a)", ""),
        ("if(a)b;else ", ""),
        ("for(;;)", ""),
        ("while(a)", ""),
        ("a,b=>{", "}"),
        ("`${", "}`"),
        ("(function(){", "})"),
        ("class a extends ", "{}"),
        ("a**", ""),
        ("a(", ")"),
        ("({a:", "})"),
        ("do ", " while(a)"),
        ("class a{b=", "}"),
        ("({get a(){return", "}})"),
        ("x=function(){return ", "}"),
        ("async()=>", ""),
        ("[a=", "]"),
        ("with(a)", ""),
        ("switch(a){case ", ":}"),
        ("try{", "}catch{}"),
        ("a`${", "}`"),
        ("a??", ""),
        ("throw ", ""),
        ("(a,", ")"),
        ("export default ", ""),
        ("a:", ""),
        ("function a(b=", "){}"),
    ];
    for (open, close) in nesting {
        for depth in [4000, 300_000] {
            let script = format!("{}a{}", open.repeat(depth), close.repeat(depth));
            if let Err(error) = on_a_deep_stack(script) {
                let expected = [Code::InputLimit, Code::UnsupportedObject];
                assert!(expected.contains(&error.code), "{open}: {error:?}");
            }
        }
    }
}

#[test]
fn extract_large_script_is_refused() {
    let error = on_a_deep_stack(" ".repeat((32 << 20) + 1)).unwrap_err();
    assert_eq!(error.code, Code::InputLimit);
}
