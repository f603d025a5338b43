//! Mappings to tables to names: the same answers as the crate's own cache of a whole mapping gives,
//! rule by rule of R8's published specification, and whatever is wrong with the text.

use std::collections::BTreeSet;
use std::fmt::Write;

use framewright_core::bytes::SharedBytes;
use framewright_core::error::Code;
use framewright_core::proguard::{MappingFacts, MappingTable};
use framewright_core::proguard_build::{build, is_mapping};
use framewright_core::proguard_remap::{
    Frame, RemapReply, RemapRequest, RemappedFrame, Stack, remap,
};
use proguard::{ProguardCache, ProguardMapping, ProguardRecord, StackFrame};

fn built(text: &str) -> (MappingTable, MappingFacts) {
    let mut table = Vec::new();
    let (facts, bytes) = build(text.as_bytes(), &mut table, 1 << 30).unwrap();
    assert_eq!(bytes, table.len() as u64);
    let table = MappingTable::open(SharedBytes::new(table)).unwrap();
    assert_eq!(table.facts(), &facts);
    (table, facts)
}

fn ask(mapping: &str, request: &RemapRequest<'_>) -> RemapReply {
    remap(&[&built(mapping).0], request).unwrap()
}

/// Frames as `class.method(file:line)`; a question mark where there is no line.
fn frames(mapping: &str, thrown: Option<&str>, asked: Vec<Frame>) -> Vec<String> {
    let request = RemapRequest {
        stacks: vec![Stack {
            exception: thrown.map(str::to_owned),
            frames: asked,
        }],
        ..RemapRequest::default()
    };
    let reply = ask(mapping, &request);
    reply.stacks[0]
        .frames
        .iter()
        .map(|frame| {
            let line = frame.2.map_or("?".into(), |line| line.to_string());
            let file = frame.3.as_deref().unwrap_or("?");
            format!("{}.{}({file}:{line})", frame.0, frame.1)
        })
        .collect()
}

fn at(class: &str, method: &str, line: u32) -> Frame {
    Frame(class.into(), method.into(), Some(line), None)
}

fn text(mapping: &str, trace: &str) -> String {
    let request = RemapRequest {
        texts: vec![trace],
        ..RemapRequest::default()
    };
    String::from_utf8(ask(mapping, &request).text).unwrap()
}

/// A mapping of many segments, whose classes are inlined into each other.
fn large(classes: usize) -> String {
    let mut text = String::from("# compiler: R8\n# pg_map_id: 9a7c1f2\n");
    for class in 0..classes {
        let other = (class * 7 + 3) % classes;
        writeln!(
            text,
            "com.example.part{}.Class{class} -> {}:\n# {{\"id\":\"sourceFile\",\"fileName\":\"File{class}.kt\"}}",
            class % 10,
            obfuscated(class)
        )
        .unwrap();
        for method in 0..12 {
            let line = method * 10 + 1;
            let inlinee = format!("com.example.part{}.Class{other}.method{method}", other % 10);
            write!(
                text,
                "    {line}:{}:void {inlinee}(int):{}:{} -> a\n    {line}:{}:void method{method}(java.lang.String,int):40 -> a\n",
                line + 4,
                method + 100,
                method + 104,
                line + 4,
            )
            .unwrap();
        }
        if class % 5 == 0 {
            text.push_str("    1:9:void made(int):1:9 -> b\n      # {\"id\":\"com.android.tools.r8.synthesized\"}\n");
        } else {
            let made = class / 5 * 5;
            writeln!(
                text,
                "    1:9:void com.example.part{}.Class{made}.made(int):1:9 -> c\n    1:9:void own():7 -> c",
                made % 10
            )
            .unwrap();
        }
    }
    text
}

fn obfuscated(class: usize) -> String {
    format!("o{}.c{class}", class % 97)
}

#[test]
fn table_of_many_segments_answers_as_one_cache_of_the_whole_mapping() {
    let mapping = large(8000);
    assert!(mapping.len() > 12 << 20, "{}", mapping.len());
    let (table, facts) = built(&mapping);
    assert_eq!((facts.classes, facts.map_id.as_str()), (8000, "9a7c1f2"));
    assert!(facts.has_lines && facts.has_source_files);
    let mut cache = Vec::new();
    ProguardCache::write(&ProguardMapping::new(mapping.as_bytes()), &mut cache).unwrap();
    let cache = ProguardCache::parse(&cache).unwrap();
    let mut asked = Vec::new();
    for class in (0..8000).step_by(3) {
        for (method, line) in [
            ("a", 3),
            ("a", 77),
            ("b", 2),
            ("c", 5),
            ("a", 9000),
            ("d", 1),
        ] {
            asked.push(at(&obfuscated(class), method, line));
        }
    }
    let request = RemapRequest {
        stacks: vec![Stack {
            exception: None,
            frames: asked,
        }],
        ..RemapRequest::default()
    };
    let reply = remap(&[&table], &request).unwrap();
    let mut made = reply.stacks[0].frames.iter();
    for (number, Frame(class, method, line, _)) in request.stacks[0].frames.iter().enumerate() {
        let frame = StackFrame::new(class, method, line.unwrap() as usize);
        let expected: Vec<_> = cache
            .remap_frame_with_context(&frame, None, false, &mut None)
            .unwrap()
            .collect();
        assert_eq!(reply.stacks[0].counts[number], expected.len() as i32);
        for expected in expected {
            let found = made.next().unwrap();
            assert_eq!(
                (
                    found.0.as_str(),
                    found.1.as_str(),
                    found.2.map(|line| line as usize),
                    found.3.as_deref(),
                    found.4
                ),
                (
                    expected.class(),
                    expected.method(),
                    expected.line(),
                    expected.file(),
                    expected.method_synthesized()
                ),
                "{class}.{method}:{line:?}"
            );
        }
    }
    assert_eq!(made.next(), None);
    // from memory, as far as it reaches
    assert_eq!(remap(&[&table], &request).unwrap(), reply);
}

const SPEC: &str = r#"# {"id":"com.android.tools.r8.mapping","version":"2.2"}
some.Class -> a:
# {"id":"sourceFile","fileName":"Some.kt"}
    1:3:void foo(int):10:12 -> a
    4:4:void other.Inner.inlined():20:20 -> a
    4:4:void foo(int):13 -> a
    5:5:void other.Inner.deep():30:30 -> b
    5:5:void some.Class.middle():31:31 -> b
    5:5:void outer():32:32 -> b
    # {"id":"com.android.tools.r8.rewriteFrame","conditions":["throws(Ljava/lang/NullPointerException;)"],"actions":["removeInnerFrames(1)"]}
    int field -> a
    void overloaded(int) -> c
    void overloaded(java.lang.String) -> c
    1:1:int some.Class.outlined():0:0 -> o
    2:2:int some.Class.outlined():0:0 -> o
    # {"id":"com.android.tools.r8.outline"}
    7:7:void caller():40:40 -> d
    8:8:void caller():41:41 -> d
    # {"id":"com.android.tools.r8.outlineCallsite","positions":{"1":7,"2":8},"outline":"La;o()I"}
other.Inner -> b:
# {"id":"sourceFile","fileName":"Outer.java"}
    0:65535:void single():50:50 -> e
some.Exception$Kind -> x:
    void <init>() -> <init>
"#;

#[test]
fn rules_of_the_mapping_specification_hold() {
    let one = |frame| frames(SPEC, None, vec![frame]);
    assert_eq!(one(at("a", "a", 2)), ["some.Class.foo(Some.kt:11)"]);
    // an inlined call comes before the method that it is inlined into, with the file of its class
    let inlined = [
        "other.Inner.inlined(Outer.java:20)",
        "some.Class.foo(Some.kt:13)",
    ];
    assert_eq!(one(at("a", "a", 4)), inlined);
    // catch-all range
    assert_eq!(
        one(at("b", "e", 1234)),
        ["other.Inner.single(Outer.java:50)"]
    );
    // rewriteFrame: of that exception only
    let outer = frames(
        SPEC,
        Some("java.lang.NullPointerException"),
        vec![at("a", "b", 5)],
    );
    assert_eq!(
        outer,
        [
            "some.Class.middle(Some.kt:31)",
            "some.Class.outer(Some.kt:32)"
        ]
    );
    assert_eq!(
        frames(SPEC, Some("java.lang.Error"), vec![at("a", "b", 5)]).len(),
        3
    );
    // ... and for the innermost frame only
    let two = frames(
        SPEC,
        Some("java.lang.NullPointerException"),
        vec![at("a", "a", 1), at("a", "b", 5)],
    );
    assert_eq!(two.len(), 4);
    // an outline goes, and its position says where its caller was
    let outlined = frames(SPEC, None, vec![at("a", "o", 2), at("a", "d", 8)]);
    assert_eq!(outlined, ["some.Class.caller(Some.kt:41)"]);
    // without a line, a signature tells overloads apart; the file is the class's name with the ending of the
    // source file, since the crate does not look further
    let frame = Frame("a".into(), "c".into(), None, Some("(I)V".into()));
    assert_eq!(one(frame), ["some.Class.overloaded(Class.kt:?)"]);
    // a class without the method keeps the method's name
    assert_eq!(
        one(at("x", "q", 1)),
        ["some.Exception$Kind.q(Exception.java:1)"]
    );
    assert_eq!(one(at("unknown", "q", 1)), Vec::<String>::new());
}

#[test]
fn what_is_remembered_is_what_a_table_that_was_never_asked_answers() {
    let thrown = [
        None,
        Some("java.lang.NullPointerException"),
        Some("java.lang.Error"),
        Some("x"),
    ];
    let innermost = [
        at("a", "b", 5),
        at("a", "o", 2),
        at("a", "o", 1),
        at("a", "d", 8),
        at("a", "q", 8),
        Frame("a".into(), "c".into(), None, None),
        Frame("a".into(), "c".into(), None, Some("(I)V".into())),
        Frame("a".into(), "c".into(), None, Some("(J)V".into())),
        at("unknown", "b", 5),
    ];
    let stacks = thrown.iter().flat_map(|thrown| {
        innermost.iter().map(|innermost| Stack {
            exception: thrown.map(str::to_owned),
            frames: vec![
                innermost.clone(),
                at("a", "d", 8),
                at("a", "b", 5),
                at("a", "b", 6),
            ],
        })
    });
    let requests: Vec<_> = stacks
        .map(|stack| RemapRequest {
            stacks: vec![stack],
            ..RemapRequest::default()
        })
        .collect();
    let (other, _) = built(&SPEC.replace("some.Class", "some.Other"));
    let (table, _) = built(SPEC);
    for _ in 0..3 {
        for request in &requests {
            let both = remap(&[&table, &other], request).unwrap();
            assert_eq!(both.stacks, ask(SPEC, request).stacks);
            assert_ne!(remap(&[&other], request).unwrap().stacks, both.stacks);
        }
    }
}

#[test]
fn frames_too_large_to_be_remembered_are_made_each_time() {
    let inlined = "    1:1:void some.Class.inlined():7:7 -> a\n".repeat(900);
    let (table, _) = built(&format!("a.B -> b:\n{inlined}"));
    let request = RemapRequest {
        texts: vec!["at b.a(X:1)\nat b.a(X:1)\nat b.a(X:1)\n"],
        ..RemapRequest::default()
    };
    let restored = "at some.Class.inlined(Class.java:7)\n".repeat(2700);
    assert_eq!(
        remap(&[&table], &request).unwrap().text,
        restored.as_bytes()
    );
}

#[test]
fn signatures_and_classes_are_restored_and_bad_ones_left_alone() {
    let signature = |text: &str| Frame("n".into(), "n".into(), None, Some(text.into()));
    let request = RemapRequest {
        classes: vec!["x".into(), "java.lang.String".into()],
        stacks: vec![Stack {
            exception: None,
            frames: [
                "(La;[[ILjava/lang/String;)Lx;",
                "()V",
                "([J)[Lb;",
                "",
                "(",
                "()",
                "(L)V",
                "(Q)V",
                "(é)V",
                "()VV",
            ]
            .map(signature)
            .into(),
        }],
        ..RemapRequest::default()
    };
    let reply = ask(SPEC, &request);
    assert_eq!(
        reply.classes,
        [Some("some.Exception$Kind".to_owned()), None]
    );
    assert_eq!(reply.stacks[0].counts, [-1; 10]);
    let good = [
        "(some.Class, int[][], java.lang.String): some.Exception$Kind",
        "()",
        "(long[]): other.Inner[]",
    ];
    let signatures: Vec<_> = reply.stacks[0].signatures.iter().flatten().collect();
    assert_eq!(signatures, good);
}

#[test]
fn texts_are_restored_line_by_line_and_the_rest_is_untouched() {
    let trace = "06-01 10:00:00.000 E AndroidRuntime: FATAL EXCEPTION: main\n\
        06-01 10:00:00.000 E AndroidRuntime: x: message: x a.b\n\
        06-01 10:00:00.000 E AndroidRuntime: \tat a.a(SourceFile:4)\r\n\
        \tat app//a.a(Unknown Source:1)\n\
        \tat java.base@25/java.lang.Thread.run(Thread.java:10)\n\
        \tat a.c(Native Method)\n\
        \tSuppressed: x\n\
        \t\tat a.b(r8-map-id-123abc:5)\n\
        Caused by: java.lang.NullPointerException: a\n\
        \tat a.b(SourceFile:5)\n\
        \t... 3 more\n\
        \"main\" prio=5 tid=1 Blocked\n  - locked <0x0a> (a a)\n  at a.a(SourceFile:2)\n\
        a\n x\n at b.e(:9";
    let expected = "06-01 10:00:00.000 E AndroidRuntime: FATAL EXCEPTION: main\n\
        06-01 10:00:00.000 E AndroidRuntime: x: message: x a.b\n\
        06-01 10:00:00.000 E AndroidRuntime: \tat other.Inner.inlined(Outer.java:20)\r\n\
        06-01 10:00:00.000 E AndroidRuntime: \tat some.Class.foo(Some.kt:13)\r\n\
        \tat app//some.Class.foo(Some.kt:10)\n\
        \tat java.base@25/java.lang.Thread.run(Thread.java:10)\n\
        \tat some.Class.overloaded(Native Method)\n\
        \tSuppressed: some.Exception$Kind\n\
        \t\tat other.Inner.deep(Outer.java:30)\n\
        \t\tat some.Class.middle(Some.kt:31)\n\
        \t\tat some.Class.outer(Some.kt:32)\n\
        Caused by: java.lang.NullPointerException: a\n\
        \tat some.Class.middle(Some.kt:31)\n\
        \tat some.Class.outer(Some.kt:32)\n\
        \t... 3 more\n\
        \"main\" prio=5 tid=1 Blocked\n  - locked <0x0a> (a some.Class)\n  at some.Class.foo(Some.kt:11)\n\
        a\n x\n at b.e(:9";
    assert_eq!(text(SPEC, trace), expected);
    assert_eq!(text(SPEC, ""), "");
    assert_eq!(text(SPEC, "at a.a(X:4)").lines().count(), 2);
    let request = RemapRequest {
        texts: vec![trace, "at a.b(r8-map-id-123abc:5)"],
        ..RemapRequest::default()
    };
    let reply = ask(SPEC, &request);
    assert_eq!(reply.map_ids, ["123abc"]);
    let last = "at other.Inner.deep(Outer.java:30)\nat some.Class.middle(Some.kt:31)\nat some.Class.outer(Some.kt:32)";
    assert_eq!(reply.texts().collect::<Vec<_>>(), [expected, last]);
}

#[test]
fn lines_of_any_length_are_printed_whole() {
    let lengths = [1, 15, 16, 17, 47, 48, 49, 127, 128, 129, 300];
    let numbers = [
        1,
        10,
        907,
        9_999,
        10_000,
        1_000_000,
        99_999_999,
        100_000_000,
    ];
    let mut mapping = String::new();
    let mut names = Vec::new();
    for (number, length) in lengths.into_iter().enumerate() {
        let class = format!("{}{number}", "C".repeat(length));
        let (method, file) = ("m".repeat(length), "f".repeat(length));
        writeln!(mapping, "{class} -> c{number}:").unwrap();
        writeln!(
            mapping,
            "# {{\"id\":\"sourceFile\",\"fileName\":\"{file}\"}}"
        )
        .unwrap();
        for (at, line) in numbers.into_iter().enumerate() {
            let at = at + 1;
            writeln!(mapping, "    {at}:{at}:void {method}():{line}:{line} -> a").unwrap();
        }
        names.push((class, method, file));
    }
    let (table, _) = built(&mapping);
    for (before, after) in lengths
        .iter()
        .flat_map(|before| lengths.map(|after| (before, after)))
    {
        let (before, after) = (format!("{} at ", "x".repeat(*before)), "y".repeat(after));
        for end in ["\n", "\r\n", ""] {
            let (mut text, mut expected) = (String::new(), String::new());
            for (class, (original, method, file)) in names.iter().enumerate() {
                for (at, line) in numbers.into_iter().enumerate() {
                    let separator = if text.is_empty() { "" } else { "\n" };
                    let at = at + 1;
                    write!(text, "{separator}{before}c{class}.a(X:{at}){after}").unwrap();
                    write!(
                        expected,
                        "{separator}{before}{original}.{method}({file}:{line}){after}"
                    )
                    .unwrap();
                }
            }
            text.push_str(end);
            expected.push_str(end);
            let request = RemapRequest {
                texts: vec![&text],
                ..RemapRequest::default()
            };
            let reply = remap(&[&table], &request).unwrap();
            assert_eq!(reply.texts().next().unwrap(), expected);
        }
    }
}

#[test]
fn odd_texts_are_read_as_far_as_they_are_mappings() {
    let plain = "a.B -> b:\n    1:1:void m():7:7 -> c\n";
    let want = ["a.B.m(B.java:7)"];
    let long_line = format!(
        "a.B -> b:\n    void {}() -> q\n    1:1:void m():7:7 -> c\n",
        "n".repeat(2 << 20)
    );
    for odd in [
        plain.to_owned(),
        format!("\u{feff}{plain}"),
        plain.replace('\n', "\r\n"),
        plain.replace('\n', "\r"),
        format!("    1:1:void before():1:1 -> c\n{plain}"),
        format!("{plain}not a class line\n    1:1:void lost():9:9 -> c\n"),
        format!("{plain}x y -> b:\n    1:1:void lost():9:9 -> c\n"),
        format!("{plain}    9:void -> \n    :::\n\t\n# {{\"id\":3}}\n#\n"),
        long_line,
    ] {
        assert!(is_mapping(odd.as_bytes()), "{odd:.60}");
        assert_eq!(frames(&odd, None, vec![at("b", "c", 1)]), want, "{odd:.60}");
    }
    // of two originals of one name the later gives the class, as the crate has it
    let twice = format!("{plain}a.C -> b:\n    2:2:void n():8:8 -> c\n");
    assert_eq!(
        frames(&twice, None, vec![at("b", "c", 2)]),
        ["a.C.n(C.java:8)"]
    );
    // names that lead in a circle are followed one step
    let circle = "a -> b:\n    1:1:void m():1:1 -> m\nb -> a:\n    1:1:void m():2:2 -> m\n";
    assert_eq!(
        frames(circle, None, vec![at("a", "m", 1)]),
        ["b.m(b.java:2)"]
    );
}

#[test]
fn what_is_no_mapping_and_what_is_too_large_is_refused() {
    let code = |text: &[u8], max| build(text, &mut Vec::new(), max).unwrap_err().code;
    for text in [
        &b""[..],
        b"\xff\xfe\0",
        b"<html>\n <body>\n</html>",
        b"a -> b:\n",
        b"    1:1:void m():1:1 -> c\n",
    ] {
        assert!(!is_mapping(text));
        assert_eq!(code(text, 1 << 20), Code::MalformedMapping);
    }
    assert_eq!(code(SPEC.as_bytes(), 200), Code::OutputTooLarge);
    let mut one_class = String::from("a.B -> b:\n");
    while one_class.len() < 33 << 20 {
        one_class.push_str("    1:1:void method_with_a_name():7:7 -> c\n");
    }
    assert_eq!(code(one_class.as_bytes(), 1 << 30), Code::InputLimit);
}

/// The file is sparse and mapped, so that this takes no memory, as it does in the server.
#[test]
fn line_of_a_gigabyte_is_passed_over_without_being_copied() {
    let path = std::env::temp_dir().join(format!("fw-line-{}.txt", std::process::id()));
    std::fs::write(&path, "a.B -> b:\n    1:1:void m():7:7 -> c\n").unwrap();
    let file = std::fs::File::options().write(true).read(true).open(&path);
    let file = file.unwrap();
    file.set_len(1 << 30).unwrap();
    // SAFETY: nobody else knows the file.
    let text = unsafe { memmap2::Mmap::map(&file).unwrap() };
    let (facts, bytes) = build(&text, &mut Vec::new(), 1 << 22).unwrap();
    assert_eq!((facts.classes, facts.methods), (1, 1));
    assert!(bytes < 1 << 22);
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn traces_of_megabytes_come_back_whole() {
    let mapping = "a.B -> b:\n    1:1:void m():7:7 -> c\n";
    let frames = "\tat b.c(X:1)\n".repeat(100_000);
    assert_eq!(
        text(mapping, &frames),
        "\tat a.B.m(B.java:7)\n".repeat(100_000)
    );
    let odd = ["at (".repeat(1 << 20), ") b.c(:".repeat(1 << 20)].concat() + "\u{1F600}";
    assert_eq!(text(mapping, &odd), odd);
}

/// Each of the frames becomes as many as the mapping has lines of a method: the bound ends it.
#[test]
fn frames_that_multiply_end_at_the_bound() {
    let mapping = "a.B -> b:\n    void m():1:60000 -> c\n";
    let reply = |count: usize| {
        let request = RemapRequest {
            stacks: vec![Stack {
                exception: None,
                frames: (0..count).map(|_| at("b", "c", 1)).collect(),
            }],
            ..RemapRequest::default()
        };
        remap(&[&built(mapping).0], &request)
    };
    assert_eq!(reply(2).unwrap().stacks[0].counts, [1000, 1000]);
    assert_eq!(reply(100).unwrap_err().code, Code::InputLimit);
}

/// Odd mappings, with all that a line of one can be: ranges that overlap, none, one line, catch-all, and
/// files of every kind.
fn odd_mapping(seed: u64) -> String {
    let mut state = seed;
    let mut dice = move |sides: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) % sides
    };
    let names = [
        "p.Main",
        "p.MainKt",
        "q.Outer$Inner",
        "q.Lone",
        "Bare",
        "p.A$SomeKt$b",
        "p.Kt",
    ];
    let files = ["Some.kt", "noending", "R8$$SyntheticClass", "Ünï.java"];
    let mut text = String::new();
    for class in 0..40 {
        writeln!(
            text,
            "{}{} -> c{class}:",
            names[class % names.len()],
            dice(30)
        )
        .unwrap();
        if dice(3) > 0 {
            let file = files[dice(4) as usize];
            writeln!(text, "# {{\"id\":\"sourceFile\",\"fileName\":\"{file}\"}}").unwrap();
        }
        if dice(9) == 0 {
            text.push_str("# {\"id\":\"com.android.tools.r8.synthesized\"}\n");
        }
        for _ in 0..dice(14) {
            let first = dice(6);
            let range = match dice(7) {
                0 => String::new(),
                1 => "0:0:".into(),
                2 => "0:65535:".into(),
                _ => format!("{first}:{}:", first + dice(4)),
            };
            let of = match dice(3) {
                0 => format!("{}{}.", names[dice(7) as usize], dice(30)),
                _ => String::new(),
            };
            let original = match dice(5) {
                0 => String::new(),
                1 => ":0".into(),
                2 => format!(":{}", dice(40)),
                _ => format!(":{}:{}", dice(40), dice(40)),
            };
            let arguments = ["", "int", "java.lang.String,q.Lone"][dice(3) as usize];
            writeln!(
                text,
                "    {range}void {of}m{}({arguments}){original} -> {}",
                dice(5),
                ["a", "b", "<init>"][dice(3) as usize]
            )
            .unwrap();
            match dice(20) {
                0 => text.push_str("      # {\"id\":\"com.android.tools.r8.synthesized\"}\n"),
                1 => text.push_str("      # {\"id\":\"com.android.tools.r8.outline\"}\n"),
                2 => text.push_str("      # {\"id\":\"com.android.tools.r8.rewriteFrame\",\"conditions\":[\"throws(Lp/E;)\"],\"actions\":[\"removeInnerFrames(1)\"]}\n"),
                3 => text.push_str("      # {\"id\":\"com.android.tools.r8.outlineCallsite\",\"positions\":{\"1\":7,\"2\":8},\"outline\":\"Lc1;a()I\"}\n"),
                _ => {}
            }
        }
    }
    text
}

/// What the crate's own cache of the whole mapping makes of one frame.
fn by_the_crate(
    cache: &ProguardCache<'_>,
    frame: &Frame,
    thrown: Option<&str>,
) -> Option<Vec<RemappedFrame>> {
    let asked = StackFrame::new(&frame.0, &frame.1, frame.2.unwrap_or(0) as usize);
    let found = cache.remap_frame_with_context(&asked, thrown, thrown.is_some(), &mut None);
    let Some(found) = found else {
        return Some(Vec::new());
    };
    let is_meant = found.had_mappings();
    let made: Vec<_> = found
        .map(|made| {
            RemappedFrame(
                made.class().into(),
                made.method().into(),
                made.line().map(|line| line as u32),
                made.file().map(str::to_owned),
                made.method_synthesized(),
            )
        })
        .collect();
    (is_meant || !made.is_empty()).then_some(made)
}

#[test]
fn every_class_method_and_line_is_answered_as_the_crate_answers() {
    let mut mappings: Vec<String> = (1..60).map(odd_mapping).collect();
    // more lines than are looked at together, of which some have it before and some after
    let overlapping = (0..100).map(|line| {
        let (first, last) = (line % 7, line % 7 + line / 9);
        format!("    {first}:{last}:void m{line}():{line} -> a\n")
    });
    let overlapping = overlapping.collect::<String>();
    mappings.extend([
        SPEC.to_owned(),
        large(300),
        format!("p.Many -> b:\n{overlapping}"),
    ]);
    if let Some(file) = std::env::var_os("FRAMEWRIGHT_MAPPING") {
        mappings.push(std::fs::read_to_string(file).unwrap());
    }
    for mapping in &mappings {
        let (table, _) = built(mapping);
        let mut cache = Vec::new();
        ProguardCache::write(&ProguardMapping::new(mapping.as_bytes()), &mut cache).unwrap();
        let cache = ProguardCache::parse(&cache).unwrap();
        let (mut asked, mut class) = (BTreeSet::new(), "");
        for record in ProguardMapping::new(mapping.as_bytes()).iter().flatten() {
            match record {
                ProguardRecord::Class { obfuscated, .. } => class = obfuscated,
                ProguardRecord::Method {
                    obfuscated,
                    line_mapping,
                    ..
                } => {
                    let (first, last) = line_mapping
                        .and_then(|lines| Some((lines.startline?, lines.endline?)))
                        .unwrap_or((1, 1));
                    for line in [0, first, last, last + 1, first.saturating_sub(1), 70_000] {
                        asked.insert((class, obfuscated, line as u32));
                    }
                    asked.insert((class, "nowhere", 3));
                }
                _ => {}
            }
        }
        assert!(asked.len() > 10);
        for thrown in [None, Some("p.E")] {
            for (class, method, line) in &asked {
                let frame = at(class, method, *line);
                let head = thrown.map_or(String::new(), |thrown| format!("{thrown}: gone\n"));
                let line = format!("\tat {class}.{method}(X:{line})\n");
                let trace = format!("{head}{line}");
                let request = RemapRequest {
                    classes: vec![(*class).into(), (*method).into()],
                    stacks: vec![Stack {
                        exception: thrown.map(str::to_owned),
                        frames: vec![frame.clone()],
                    }],
                    texts: vec![&trace],
                    ..RemapRequest::default()
                };
                let reply = remap(&[&table], &request).unwrap();
                let original = |class| cache.remap_class(class).map(str::to_owned);
                assert_eq!(reply.classes, [original(class), original(method)]);
                let expected = by_the_crate(&cache, &frame, thrown.map(|_| "Lp/E;"));
                let made = expected.as_deref().unwrap_or_default();
                assert_eq!(reply.stacks[0].frames, made, "{frame:?}\n{mapping:.9000}");
                let printed = expected
                    .as_ref()
                    .map_or(line, |made| made.iter().map(print).collect());
                assert_eq!(reply.text, format!("{head}{printed}").into_bytes());
            }
        }
    }
}

fn print(RemappedFrame(class, method, line, file, _): &RemappedFrame) -> String {
    let line = line
        .filter(|line| *line > 0)
        .map_or(String::new(), |line| format!(":{line}"));
    let file = file.as_deref().unwrap_or("X");
    format!("\tat {class}.{method}({file}{line})\n")
}
