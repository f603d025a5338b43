//! What functions are called, of what stands around them: the rules of Sentry's `js-source-scopes`, on
//! the nodes of [`crate::js_functions`] in place of its tree.

use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};
use std::ops::Range;

use js_source_scopes::extract_scope_names;

use crate::js_functions::{Accessor, Functions, Key, Kind, NONE, Node, Span, StepKind};
use crate::js_tokens::{Unsure, name_text};

/// The text of a part, and where it stands in the script if it does.
pub(crate) type NamePart<'a> = (Cow<'a, str>, Option<Range<u32>>);

/// A function's range, and the parts of its name: none where it has none.
pub(crate) type Named<'a> = (Range<u32>, Vec<NamePart<'a>>);

/// A part of a name.
#[derive(Clone, Debug, PartialEq)]
enum Part {
    /// That stands in the script.
    Script(Span),
    /// A private name, which stands in the script with a `#` that is a part of its own here.
    Private(Span),
    Fixed(&'static str),
    Made(String),
}

pub(crate) struct Names<'a> {
    script: &'a str,
    functions: &'a Functions,
    /// Literals by their text in the script, as names write them.
    literals: HashMap<(bool, &'a str), String>,
}

/// The parts of one name.
type Name = VecDeque<Part>;

impl<'a> Names<'a> {
    pub(crate) fn new(script: &'a str, functions: &'a Functions) -> Self {
        Names {
            script,
            functions,
            literals: HashMap::new(),
        }
    }

    /// The function that a node is; `None` where it is none.
    pub(crate) fn of(&mut self, node: &Node) -> Result<Option<Named<'a>>, Unsure> {
        let Some(name) = self.parts(node)? else {
            return Ok(None);
        };
        let texts: Result<Vec<_>, Unsure> = name.into_iter().map(|part| self.text(part)).collect();
        Ok(Some((node.span.range(), texts?)))
    }

    fn text(&self, part: Part) -> Result<NamePart<'a>, Unsure> {
        Ok(match part {
            Part::Script(span) => (name_text(self.written(span))?, Some(span.range())),
            Part::Private(span) => {
                let name = self.written(span).strip_prefix('#').ok_or(Unsure)?;
                (name_text(name)?, Some(span.range()))
            }
            Part::Fixed(text) => (Cow::Borrowed(text), None),
            Part::Made(text) => (Cow::Owned(text), None),
        })
    }

    fn written(&self, span: Span) -> &'a str {
        &self.script[span.start as usize..span.end as usize]
    }

    fn parts(&mut self, node: &Node) -> Result<Option<Name>, Unsure> {
        let name = match node.kind {
            Kind::Arrow => self.inferred(node.parent)?,
            Kind::Function(own) => replaced(self.inferred(node.parent)?, own),
            Kind::ClassDeclaration(own) => class(replaced(self.name_of_class(node)?, Some(own))),
            Kind::ClassExpression(own) => class(replaced(self.name_of_class(node)?, own)),
            Kind::AccessorProperty(key, accessor) => {
                let mut name = self.inferred(node.parent)?;
                if !name.is_empty() {
                    name.push_back(Part::Fixed("."));
                }
                name.push_back(self.key(key)?);
                prefix(accessor, &mut name);
                name
            }
            _ => return Ok(None),
        };
        Ok(Some(name))
    }

    /// A class counts among what stands around it.
    fn name_of_class(&mut self, class: &Node) -> Result<Name, Unsure> {
        let mut name = Name::new();
        match class.kind {
            Kind::ClassDeclaration(own) => {
                name.push_front(Part::Script(own));
                return Ok(name);
            }
            Kind::ClassExpression(Some(own)) => name.push_front(Part::Script(own)),
            _ => {}
        }
        self.around(name, class.parent)
    }

    fn inferred(&mut self, from: u32) -> Result<Name, Unsure> {
        self.around(Name::new(), from)
    }

    /// Goes outwards from a node, up to what ends a name.
    fn around(&mut self, mut name: Name, from: u32) -> Result<Name, Unsure> {
        let mut accessor = Accessor::None;
        let mut in_object = false;
        let mut at = from;
        while at != NONE {
            let node = self.functions.nodes[at as usize];
            match node.kind {
                Kind::Function(_) | Kind::Arrow | Kind::Constructor => break,
                Kind::ClassExpression(own) => {
                    if let Some(own) = own {
                        member_of(own, &mut name);
                    }
                }
                Kind::ClassDeclaration(own) | Kind::Variable(own) | Kind::Assignment(own) => {
                    member_of(own, &mut name);
                    prefix(accessor, &mut name);
                    return Ok(name);
                }
                Kind::MethodProperty(key) => {
                    separate(&mut name);
                    let key = self.key(key)?;
                    name.push_front(key);
                }
                Kind::KeyValue(key) => member_of(key, &mut name),
                Kind::ClassMethod(key, kind) => {
                    let key = self.key(key)?;
                    name.push_front(key);
                    accessor = kind;
                }
                Kind::PrivateMethod(key) => {
                    name.push_front(Part::Private(key));
                    name.push_front(Part::Fixed("#"));
                }
                Kind::MemberAssignment(last) => {
                    self.path(last, &mut name)?;
                    prefix(accessor, &mut name);
                    return Ok(name);
                }
                Kind::AccessorProperty(..) => {}
                Kind::Object => in_object = true,
            }
            at = node.parent;
        }
        if in_object && !name.is_empty() {
            name.push_front(Part::Fixed("<object>."));
        }
        prefix(accessor, &mut name);
        Ok(name)
    }

    /// What is assigned to: `a.b["c"]`.
    fn path(&mut self, last: u32, name: &mut Name) -> Result<(), Unsure> {
        let mut step = self.functions.steps[last as usize];
        if let StepKind::Name(span) = step.kind {
            name.push_front(Part::Script(span));
            separate(name);
        } else {
            self.step(step.kind, name)?;
        }
        loop {
            step = self.functions.steps[step.before as usize];
            match step.kind {
                StepKind::Name(span) => name.push_front(Part::Script(span)),
                StepKind::This => name.push_front(Part::Fixed("this")),
                other => self.step(other, name)?,
            }
            if step.before == NONE {
                return Ok(());
            }
            if matches!(step.kind, StepKind::Name(_)) {
                name.push_front(Part::Fixed("."));
            }
        }
    }

    fn step(&mut self, step: StepKind, name: &mut Name) -> Result<(), Unsure> {
        match step {
            StepKind::ComputedName(span) => {
                name.push_front(Part::Fixed("]"));
                name.push_front(Part::Script(span));
                name.push_front(Part::Fixed("["));
            }
            StepKind::ComputedLiteral(span) => {
                let literal = self.literal(span, true)?;
                name.push_front(literal);
            }
            StepKind::Computed => name.push_front(Part::Fixed("[<computed>]")),
            StepKind::Private => {}
            StepKind::Name(_) | StepKind::This => return Err(Unsure),
        }
        Ok(())
    }

    fn key(&mut self, key: Key) -> Result<Part, Unsure> {
        match key {
            Key::Word(span) => Ok(Part::Script(span)),
            Key::Literal(span) => self.literal(span, false),
            Key::Computed => Ok(Part::Fixed("<computed>")),
        }
    }

    /// How names write a literal, which depends on its value: a script of this alone says.
    fn literal(&mut self, span: Span, computed: bool) -> Result<Part, Unsure> {
        let text = self.written(span);
        if let Some(known) = self.literals.get(&(computed, text)) {
            return Ok(Part::Made(known.clone()));
        }
        let script = if computed {
            format!("x[{text}]=()=>0")
        } else {
            format!("({{{text}(){{}}}})")
        };
        let scopes = extract_scope_names(&script).map_err(|_| Unsure)?;
        let name = scopes.first().and_then(|scope| scope.1.as_ref());
        let part = name.and_then(|name| name.components().last());
        let written = part.ok_or(Unsure)?.text().to_owned();
        self.literals.insert((computed, text), written.clone());
        Ok(Part::Made(written))
    }
}

fn replaced(mut name: Name, own: Option<Span>) -> Name {
    if let Some(own) = own {
        name.pop_back();
        name.push_back(Part::Script(own));
    }
    name
}

fn class(mut name: Name) -> Name {
    if !name.is_empty() {
        name.push_front(Part::Fixed("new "));
    }
    name
}

fn separate(name: &mut Name) {
    if !name.is_empty() {
        name.push_front(Part::Fixed("."));
    }
}

fn member_of(owner: Span, name: &mut Name) {
    separate(name);
    name.push_front(Part::Script(owner));
}

fn prefix(accessor: Accessor, name: &mut Name) {
    match accessor {
        Accessor::Get => name.push_front(Part::Fixed("get ")),
        Accessor::Set => name.push_front(Part::Fixed("set ")),
        Accessor::None => {}
    }
}
