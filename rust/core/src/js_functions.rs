//! The functions of a JavaScript module and what stands around them, read in one pass without a tree.
//!
//! This reads the grammar as far as it says where functions are and what names them; precedence and
//! early errors do not matter for that. What it is not sure of it leaves to a parser of the whole:
//! text that is no module, patterns that are none, nesting without end.
//!
//! A parameter or a pattern looks like an expression until the arrow or the equals sign behind it.
//! Where functions were found in one, it is read again as what it turned out to be.

mod definitions;
mod expressions;
mod operands;
mod patterns;
mod statements;

use std::ops::Range;

use crate::js_tokens::{Token, Tokens, Unsure};

/// Nesting that is followed; the stack of a parsing thread has room for it.
const MAX_DEPTH: u32 = 2000;

/// How often the text may be read again, as a multiple of its length: what nests in defaults of
/// parameters is read twice on each level.
const MAX_REREAD: usize = 4;

/// No node.
pub(crate) const NONE: u32 = u32::MAX;

/// A piece of the script, in bytes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Span {
    pub(crate) fn range(self) -> Range<u32> {
        self.start..self.end
    }
}

/// The key of a property.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Key {
    Word(Span),
    /// A string or a number.
    Literal(Span),
    Computed,
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Accessor {
    None,
    Get,
    Set,
}

/// What a function may be named by; the words are those of the tree that `js-source-scopes` walks.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Kind {
    /// With its own name.
    Function(Option<Span>),
    Arrow,
    Constructor,
    ClassDeclaration(Span),
    ClassExpression(Option<Span>),
    ClassMethod(Key, Accessor),
    /// With its key, `#` and all.
    PrivateMethod(Span),
    MethodProperty(Key),
    /// A getter or setter of an object.
    AccessorProperty(Key, Accessor),
    KeyValue(Span),
    Object,
    Variable(Span),
    /// To a plain name.
    Assignment(Span),
    /// To a member; the last step of its path in [`Functions::steps`].
    MemberAssignment(u32),
}

/// A place in the script where a function is, or that names the functions within.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    /// The innermost node around this one.
    pub(crate) parent: u32,
    pub(crate) span: Span,
}

/// A step of a path such as `a.b["c"]`, and the one before it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    pub(crate) kind: StepKind,
    pub(crate) before: u32,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum StepKind {
    Name(Span),
    This,
    Private,
    ComputedName(Span),
    ComputedLiteral(Span),
    Computed,
}

pub(crate) struct Functions {
    pub(crate) nodes: Vec<Node>,
    pub(crate) steps: Vec<Step>,
}

/// Finds the functions of a module.
pub(crate) fn find(script: &str) -> Result<Functions, Unsure> {
    let mut parser = Parser {
        tokens: Tokens::new(script.as_bytes())?,
        nodes: Vec::new(),
        steps: Vec::new(),
        around: NONE,
        depth: 0,
        awaits: true,
        yields: false,
        reread: MAX_REREAD * script.len(),
    };
    while parser.token() != Token::End {
        parser.statement()?;
    }
    Ok(Functions {
        nodes: parser.nodes,
        steps: parser.steps,
    })
}

/// What an operand turned out to be.
#[derive(Clone, Copy, PartialEq)]
enum Operand {
    Name(Span),
    /// A path from a name or `this`; its last step.
    Member(u32),
    /// An object or array, which a pattern looks like.
    Pattern,
    /// Something in parentheses; whether it can only be parameters.
    Paren {
        parameters: bool,
    },
    /// `async` with arguments.
    AsyncCall,
    /// With operators, so that nothing can be put into it.
    Operation,
    Other,
}

/// What a pattern may put values into.
#[derive(Clone, Copy, PartialEq)]
enum Targets {
    /// Names that it declares.
    Names,
    Anything,
}

/// Where reading can begin again.
#[derive(Clone, Copy)]
struct Mark<'a> {
    tokens: Tokens<'a>,
    nodes: usize,
    steps: usize,
    around: u32,
    depth: u32,
    awaits: bool,
    yields: bool,
}

struct Parser<'a> {
    tokens: Tokens<'a>,
    nodes: Vec<Node>,
    steps: Vec<Step>,
    /// The innermost node that is open.
    around: u32,
    depth: u32,
    /// Whether `await` is an operator here.
    awaits: bool,
    yields: bool,
    /// Bytes that may be read again.
    reread: usize,
}

type Parsed<T = ()> = Result<T, Unsure>;

fn offset(at: usize) -> u32 {
    // A script has fewer bytes, see `MAX_SCRIPT_BYTES`.
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl<'a> Parser<'a> {
    // ---- tokens

    fn token(&self) -> Token {
        self.tokens.token
    }

    fn at(&self, token: Token) -> bool {
        self.tokens.token == token
    }

    fn advance(&mut self) -> Parsed {
        self.tokens.advance()
    }

    fn take(&mut self, token: Token) -> Parsed<bool> {
        let there = self.at(token);
        if there {
            self.advance()?;
        }
        Ok(there)
    }

    fn expect(&mut self, token: Token) -> Parsed {
        if self.take(token)? {
            Ok(())
        } else {
            Err(Unsure)
        }
    }

    fn at_name(&self, name: &[u8]) -> bool {
        self.at(Token::Name) && self.tokens.text() == name
    }

    fn span(&self) -> Span {
        Span {
            start: offset(self.tokens.start),
            end: offset(self.tokens.start + self.tokens.text().len()),
        }
    }

    fn name(&mut self) -> Parsed<Span> {
        let span = self.span();
        self.expect(Token::Name)?;
        Ok(span)
    }

    /// The end of a statement, which may not be written.
    fn semicolon(&mut self) -> Parsed {
        let ends = matches!(self.token(), Token::CloseBrace | Token::End) || self.tokens.after_line;
        if self.take(Token::Semicolon)? || ends {
            Ok(())
        } else {
            Err(Unsure)
        }
    }

    // ---- nodes

    fn mark(&self) -> Mark<'a> {
        Mark {
            tokens: self.tokens,
            nodes: self.nodes.len(),
            steps: self.steps.len(),
            around: self.around,
            depth: self.depth,
            awaits: self.awaits,
            yields: self.yields,
        }
    }

    fn begin_again(&mut self, mark: Mark<'a>) -> Parsed {
        let read = self.tokens.start - mark.tokens.start;
        self.reread = self.reread.checked_sub(read).ok_or(Unsure)?;
        self.tokens = mark.tokens;
        self.nodes.truncate(mark.nodes);
        self.steps.truncate(mark.steps);
        self.around = mark.around;
        self.depth = mark.depth;
        self.awaits = mark.awaits;
        self.yields = mark.yields;
        Ok(())
    }

    /// Opens a node; gives it to [`Self::close`].
    fn open(&mut self, kind: Kind, start: usize) -> u32 {
        let node = offset(self.nodes.len());
        self.nodes.push(Node {
            kind,
            parent: self.around,
            span: Span {
                start: offset(start),
                end: offset(start),
            },
        });
        self.around = node;
        node
    }

    fn close(&mut self, node: u32) {
        let end = offset(self.tokens.previous_end);
        let node = &mut self.nodes[node as usize];
        node.span.end = end;
        self.around = node.parent;
    }

    /// Closes a node that is of use only to functions within.
    fn close_names(&mut self, node: u32) {
        self.close(node);
        if self.nodes.len() == node as usize + 1 {
            self.nodes.pop();
        }
    }

    /// Puts what was opened since, and stands in no other node, into `node`.
    fn adopt(&mut self, since: usize, node: u32) {
        let before = self.nodes[node as usize].parent;
        for child in &mut self.nodes[since..node as usize] {
            if child.parent == before {
                child.parent = node;
            }
        }
    }

    fn nested<T>(&mut self, body: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Unsure);
        }
        let result = body(self)?;
        self.depth -= 1;
        Ok(result)
    }
}
