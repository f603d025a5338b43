//! What is found without a parser of the whole script is what the parser finds.

#[path = "lazy_support/random.rs"]
mod random;

use std::thread;

use framewright_core::js_scopes::{extract, parsed, scanned};
use random::Random;

/// As the boundary does it.
fn on_a_deep_stack<T: Send + 'static>(body: impl FnOnce() -> T + Send + 'static) -> T {
    let worker = thread::Builder::new().stack_size(64 << 20).spawn(body);
    worker.unwrap().join().unwrap()
}

const SCRIPTS: &[&str] = &[
    "",
    "#!/usr/bin/env node\nfunction a(){}",
    "function a(){function b(){}}",
    "async function a(){await b(()=>1)}",
    "function*a(){yield()=>1;yield*b(function(){});x=yield}",
    "var a=function(){},b=()=>1,c=function d(){};let e=async()=>{};const f=async g=>g",
    "a=function(){};a.b=function(){};a.b.c=()=>1;this.a=()=>1;a.b().c=()=>1;a.#b=()=>1",
    "a[b]=()=>1;a['b']=()=>1;a[\"b'c\"].d=()=>1;a[1]=()=>1;a[0x10].b=()=>1;a[b+c]=()=>1;a[null]=()=>1",
    "a[true]=()=>1;a['\\n']=()=>1;a[1n]=()=>1;a[/b/]=()=>1;a[(b)]=()=>1;a[`b`]=()=>1;a[b,c]=()=>1",
    "a[b(()=>1)].c=function(){};a[b.c=()=>1][d]=()=>2;a(()=>1).b=()=>2;(a).b=()=>1;(a)=()=>1",
    "a=b=()=>1;a=b.c=()=>1;a+=()=>1;a??=()=>1;a.b||=()=>1;a/=()=>1;a=b||function(){};a||(a=()=>1)",
    "a=b?()=>1:c=()=>2;a=b?c:d?e=()=>1:()=>2;a=(b,()=>1);a=(b=1,()=>1)",
    "a={b:function(){},c(){},'d':()=>1,'e'(){},1(){},1.5(){},0x1f(){},[f]:()=>1,[g](){},h:{i:()=>1}}",
    "a={get b(){return()=>1},set b(c){},get 'd'(){return 1},get [e](){return 1},get:()=>1,set(){},async(){},async b(){},*c(){},async*d(){}}",
    "({a(){},b:()=>1,get c(){return function(){}}});b({c:()=>1});b({c:{d(){}}})",
    "a={b,c,...d(()=>1),get,set,async,e:[()=>1,{f:()=>1}],if:()=>1,class(){}}",
    "a.b={c:function(){},d(){}};a={b:c.d=()=>1}",
    "class A{constructor(){this.a=()=>1;b(()=>1)}b(){}static c(){}#d(){}static #e(){}get f(){return()=>1}set f(a){}static get g(){return 1}}",
    "class A extends class{a(){}}{b(){}}",
    "class A extends b(()=>1){c=()=>1;static d=function(){};#e=()=>1;'f'=()=>1;[g]=()=>1;static{h(()=>1);function i(){}}async j(){}*k(){}async*l(){}}",
    "class A{get\na(){}static;get;set;async;static static(){}get get(){}static async *[a(()=>1)](){}}",
    "class A{'constructor'(){a(()=>1)}static constructor(){}'b'(){}1(){}[c](){}}",
    "a=class{b(){}static{function c(){}}};a=class B{c(){}};a.b=class{};(class{});(class A{});b(class{c=()=>1})",
    "export default function(){}\nexport function a(){}\nexport class B{c(){}}\nexport const d=()=>1",
    "export default class{a(){}}",
    "export default class A{b(){}}",
    "export default async function a(){}",
    "export default()=>1",
    "export default{a(){},b:()=>1}",
    "import a,{b as c,'d'as e}from'f';import*as g from\"h\";import'i';import j from'k'with{type:'json'};export*from'l';export*as m from'n';export{o,p as q};export{r}from's';function o(){}",
    "import('a').then(()=>1);import.meta.a=()=>1;a=import('b')",
    "(a,b=()=>1)=>c;({a=()=>1})=>b;({a:b=()=>1})=>c;([a=()=>1])=>b;(...a)=>()=>1;(a=(b=()=>1)=>c)=>d",
    "a=(b,{c=function(){},d:{e=()=>1}}={})=>()=>1;async(a=()=>1)=>{};async(a)=>()=>1;async a=>()=>1;async()=>{};async(()=>1)",
    "a=async(b,c)=>{await d(()=>1)};async.a=()=>1;async=()=>1;b=async\n(()=>1)",
    "function a(b=()=>1,{c=()=>1,d:e=function(){},...f},[g=()=>1,,h]){}",
    "var{a=()=>1,b:c=()=>1}=d,[e=()=>1]=f;var{g}=()=>1",
    "({a=()=>1}=b);[a=()=>1]=b;[a.b=()=>1,c[d(()=>1)]=()=>2]=e;({a:b.c=()=>1}=d);({a:{set b(c){d(()=>1)}}.b}=e)",
    "for(var a=()=>1;b;c=()=>1)d(()=>1);for(let a of b(()=>1));for(const{a=()=>1}of b);for(a in b)c=()=>1;for({a=()=>1}of b);for([a=()=>1]of b);for(let a=()=>1,b;;);for(;;);",
    "async function a(){for await(const b of c)d(()=>1)}for(a.b in c);for(var a in b,c);",
    "if(a)b=()=>1;else c=()=>1;while(a)b(()=>1);do a(()=>1);while(b)c(()=>1);do{}while(a)b",
    "switch(a){case b:c=()=>1;case()=>1:default:function d(){}}try{a(()=>1)}catch{b(()=>1)}finally{c=()=>1}try{}catch({a=()=>1}){}",
    "a:for(;;){b(()=>1);break a}c:d=()=>1;e:{function f(){}}",
    "a=b/c/(()=>1);a=/[/]\\/{(/g;b=()=>1;if(a)/b/.c(()=>1);a++/b/(()=>1);a=b\n/c/d(()=>1);(()=>1)/a;[]/a/1",
    "a=`b${c(()=>1)}d${`e${()=>1}`}\\`${{f:()=>1}}`;a`${()=>1}`;a.b`c`.d=()=>1;a`b`",
    "a\nb=()=>1\n++c\nd=()=>1;return_=()=>1",
    "function a(){return\n()=>1}function b(){return()=>1}function c(){throw()=>1}",
    "a=b?.c(()=>1);a?.[b(()=>1)];a?.(()=>1);a?.b.c(()=>1);a?.1:()=>2",
    "a=new B(()=>1);new a.b;new(a(()=>1));new a[b(()=>1)](()=>1).c(()=>1);new new A(()=>1)(()=>1);a=new.target",
    "function a(){b=new.target;super_=()=>1}class A extends B{c(){super.d=()=>1;super.e(()=>1);super[f]=()=>1}}",
    "class A{#a=()=>1;b(){#a in this;this.#a=()=>1;this.#a.c=()=>1}}",
    "typeof(()=>1);void function(){}();!function(){}();+function(){}();-(()=>1);delete a[()=>1];await(()=>1)",
    "(function(){})();(function a(){}());(()=>{})();(async()=>{})()",
    "a=1..b(()=>1);a=.5;a=1e5;a=1E-5;a=0b1;a=0o7;a=1_000;a=1.5e+3;a=0xFFn;b=()=>1",
    "var \\u0061=()=>1;a\\u{62}=()=>1;ünï=()=>1;a.\\u0062c=()=>1;class A{#ö(){}}",
    "a\u{a0}=\u{feff}()=>1\u{2028}b=()=>1//c\u{2029}d=()=>1/*e\n*/f=()=>1",
    "'use strict';\"a\\\nb\";'\u{2028}';a=()=>1",
    "let a=1;let[b=()=>1]=c;let{d=()=>1}=e",
    "function a(){}/b/g;function*c(){}\nvar d={}/e/f(()=>1)",
    "a=b in c?()=>1:d;a=b instanceof c&&(()=>1);a=b**-(()=>1);a=b>>>=()=>1;a=b<c>d(()=>1)",
    "a=>b=>c=>()=>1;a=b=>c=d=>1;a=>({b:()=>1});a=>{b=()=>1}",
    "yield_=()=>1;function*a(){b=yield()=>1;yield\n()=>1;(yield);[yield];{yield}}",
    "var get=()=>1,set=()=>1,of=()=>1,static_=()=>1,from=()=>1,as=()=>1,type=()=>1",
    "😀=>1",
];

#[test]
fn scanned_functions_are_those_of_the_parser() {
    on_a_deep_stack(|| {
        for script in SCRIPTS {
            if let Ok(expected) = parsed(script) {
                let found = scanned(script).unwrap();
                assert_eq!(
                    found.as_deref().map(told),
                    Some(told(&expected)),
                    "{script}"
                );
            }
        }
    });
}

#[test]
fn scanned_functions_of_made_scripts_are_those_of_the_parser() {
    on_a_deep_stack(|| {
        let mut sure = 0;
        let mut modules = 0;
        for seed in 1..=4000 {
            let script = Writer::new(seed).script();
            let Ok(expected) = parsed(&script) else {
                continue;
            };
            modules += 1;
            if let Some(found) = scanned(&script).unwrap() {
                assert_eq!(told(&found), told(&expected), "{script}");
                sure += 1;
            }
        }
        assert!(
            modules > 1000 && sure * 100 >= modules * 99,
            "{sure} of {modules}"
        );
    });
}

#[test]
fn scanned_pieces_of_scripts_are_refused_or_as_parsed() {
    on_a_deep_stack(|| {
        let mut random = Random(7);
        for _ in 0..20_000 {
            let script = SCRIPTS[index(&mut random, SCRIPTS.len())];
            let ends = [
                index(&mut random, script.len() + 1),
                index(&mut random, script.len() + 1),
            ];
            let (from, to) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
            let (Some(head), Some(tail)) = (script.get(..from), script.get(to..)) else {
                continue;
            };
            let piece = format!("{head}{tail}");
            if let (Some(found), Ok(expected)) = (scanned(&piece).unwrap(), parsed(&piece)) {
                assert_eq!(told(&found), told(&expected), "{piece}");
            }
        }
    });
}

#[test]
fn extract_what_is_not_sure_is_parsed() {
    on_a_deep_stack(|| {
        let deep = format!("{}function a(){{}}{}", "{".repeat(2500), "}".repeat(2500));
        assert_eq!(scanned(&deep).unwrap(), None);
        assert_eq!(extract(&deep).unwrap(), parsed(&deep).unwrap());
    });
}

#[test]
fn scanned_nested_parameters_are_not_read_for_ever() {
    on_a_deep_stack(|| {
        let nested = format!("{}()=>1{}", "(a=".repeat(500), ")=>b".repeat(500));
        assert_eq!(scanned(&nested).unwrap(), None);
    });
}

/// The rows of a reply, each with its position and the parts of its name with theirs.
fn told(reply: &[u8]) -> Vec<String> {
    let number = |at: usize| u32::from_le_bytes(reply[at..at + 4].try_into().unwrap());
    let names = 16 + number(0) as usize * 12;
    let parts = names + (number(4) as usize + 1) * 4;
    let text = parts + number(8) as usize * 24;
    let part = |index: u32| {
        let at = parts + index as usize * 24;
        let start = text + number(at) as usize;
        let part = &reply[start..start + number(at + 4) as usize];
        let places: Vec<u32> = (2..6).map(|field| number(at + field * 4)).collect();
        format!(" {} {places:?}", String::from_utf8_lossy(part))
    };
    let row = |at: usize| {
        let name = number(at + 8).cast_signed();
        let parts: String = usize::try_from(name).map_or(name.to_string(), |name| {
            let at = names + name * 4;
            (number(at)..number(at + 4)).map(part).collect()
        });
        format!("{}:{}{parts}", number(at), number(at + 4))
    };
    (0..number(0) as usize)
        .map(|index| row(16 + index * 12))
        .collect()
}

fn index(random: &mut Random, bound: usize) -> usize {
    usize::try_from(random.below(bound as u64)).unwrap()
}

/// Writes scripts that nest functions in whatever names them.
struct Writer {
    random: Random,
    depth: usize,
}

impl Writer {
    fn new(seed: u64) -> Self {
        Writer {
            random: Random(seed * 0x9E37_79B9_7F4A_7C15),
            depth: 0,
        }
    }

    fn script(&mut self) -> String {
        (0..3).map(|_| self.filled("S")).collect()
    }

    /// Replaces the letters that stand for a statement, an expression, a pattern or a target.
    fn filled(&mut self, form: &str) -> String {
        form.chars()
            .map(|letter| match letter {
                'S' => self.one_of(STATEMENTS, ";"),
                'E' => self.one_of(EXPRESSIONS, "()=>x"),
                'P' => self.one_of(PATTERNS, "x"),
                'T' => self.one_of(TARGETS, "x.y"),
                'M' => self.one_of(MEMBERS, "x:1"),
                'C' => self.one_of(CLASS_MEMBERS, ";"),
                other => other.to_string(),
            })
            .collect()
    }

    fn one_of(&mut self, forms: &[&str], last: &str) -> String {
        if self.depth > 7 {
            return last.to_owned();
        }
        self.depth += 1;
        let form = forms[index(&mut self.random, forms.len())];
        let text = self.filled(form);
        self.depth -= 1;
        text
    }
}

const STATEMENTS: &[&str] = &[
    "E;",
    "(E);",
    "T=E;",
    "var a=E;",
    "let b=E,P=E;",
    "function c(P){S}",
    "class d{C}",
    "class e extends(E){CC}",
    "if(E)S else S",
    "for(T of E)S",
    "for(var P of E)S",
    "for(var f=E;E;E)S",
    "switch(E){case E:S default:S}",
    "try{S}catch(P){S}",
    "{S S}",
    "while(E)S",
    "do S while(E);",
    "async function g(P){S}",
    "function*h(){yield E}",
    "lab:S",
    "T=T=E;",
    "(P)=>E;",
    "throw E\n",
];
const EXPRESSIONS: &[&str] = &[
    "a",
    "1",
    "'s'",
    "/r[/]/g",
    "`t${E}u`",
    "(E)",
    "(E,E)",
    "[E,E]",
    "({M})",
    "({M,M})",
    "function(){S}",
    "function n(P){S}",
    "async function(){await(E)}",
    "(P)=>(E)",
    "(P,P)=>{S}",
    "async(P)=>{S}",
    "async a=>(E)",
    "a=>(E)",
    "(class{C})",
    "(class N{CC})",
    "(class extends(E){C})",
    "(E)?(E):(E)",
    "(T=E)",
    "T",
    "f(E,E)",
    "new N(E)",
    "(E)||(E)",
    "!(E)",
    "typeof(E)",
    "a?.b(E)",
    "(E).p",
    "(E)[E]",
    "tag`${E}`",
    "(E)/(E)",
];
const PATTERNS: &[&str] = &[
    "p",
    "p=E",
    "{q}={}",
    "{q=E}={}",
    "{q:P}={}",
    "[P]=[]",
    "[q,P]=[]",
    "{[E]:q=E}={}",
];
const TARGETS: &[&str] = &[
    "t", "t.u", "t.u.v", "this.u", "t['k']", "t[u].v", "t[1]", "t[E].w", "f(E).u", "(t.u).v",
    "t[E]",
];
const MEMBERS: &[&str] = &[
    "k:E",
    "m(P){S}",
    "'s':E",
    "'s'(){S}",
    "1(){S}",
    "[E]:E",
    "[E](){S}",
    "get g(){S}",
    "set s(x){S}",
    "async a(){S}",
    "*y(){yield E}",
    "...E",
    "short",
    "async*z(){S}",
];
const CLASS_MEMBERS: &[&str] = &[
    "m(P){S}",
    "static m(){S}",
    "constructor(){S}",
    "#p(){S}",
    "get g(){S}",
    "set s(x){S}",
    "static get h(){S}",
    "f=E;",
    "static f=E;",
    "#q=E;",
    "'s'(){S}",
    "2(){S}",
    "[E](){S}",
    "static{S}",
    "async a(){S}",
    "*y(){yield E}",
];
